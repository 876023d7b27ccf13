import type { KoffiFunc } from 'koffi';

/** A C function as koffi calls it; its result is a status. */
export type NativeFunction = KoffiFunc<(...args: unknown[]) => unknown>;

/** Calls a function on a thread of koffi's, so that the event loop goes on while it waits for a KDC. */
export function inThread(call: NativeFunction, ...args: readonly unknown[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const done = (error: unknown, status: unknown): void =>
      error instanceof Error ? reject(error) : resolve(status as number);
    (call.async as (...all: unknown[]) => void)(...args, done);
  });
}
