import { connect } from 'node:net';
import { errorCode } from '../edge/files.ts';

/** Whether a machine answers at a TCP port; a refused connection is an answer, too. */
export type Reach = (address: string, port: number, signal?: AbortSignal) => Promise<boolean>;

/** Waits for an answer for two seconds. Rejects only with the reason of the signal. */
export const reachable: Reach = async (address, port, signal) => {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port });
    const abort = (): void => end(() => reject(signal?.reason as Error));
    const timer = setTimeout(() => end(() => resolve(false)), 2000);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.destroy();
      settle();
    };
    signal?.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => end(() => resolve(true)));
    socket.on('error', (error) => end(() => resolve(errorCode(error) === 'ECONNREFUSED')));
  });
};
