import type { ErrorId } from '../../src/model/error-catalog.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import { DotNet, type DotNetMethods } from '../../src/windows/dotnet.ts';

export interface HostCall {
  readonly assembly: string;
  readonly method: keyof DotNetMethods;
  readonly arguments: never;
}

export type HostReply =
  { readonly value: unknown } | { readonly id: ErrorId; readonly message: string; readonly remedy: string };

// A process of its own for one .NET runtime: it takes over signals, and stays until the process ends.
process.on('message', (call: HostCall) => {
  void answer(call).then((reply) => process.send?.(reply));
});

async function answer(call: HostCall): Promise<HostReply> {
  try {
    const dotnet = await DotNet.load(call.assembly);
    return { value: await dotnet.call(call.method, call.arguments) };
  } catch (error) {
    if (!(error instanceof FailoverError)) throw error;
    return { id: error.id, message: error.message, remedy: error.remedy };
  }
}
