import { writeFileSync } from 'node:fs';
import { inThread } from '../../src/dns/gss/native.ts';
import { bufferType } from '../../src/dns/gss/security-buffers.ts';
import { sspi } from '../../src/dns/gss/sspi.ts';
import { sspiCalls } from '../../src/dns/gss/sspi-calls.ts';
import { FailoverError } from '../../src/model/failover-error.ts';

// Runs as a Windows program. Argument: the file for the answers, as JSON.
const [, , file = ''] = process.argv;
const principal = 'DNS/dc1.example.com';
const answers = {
  functions: await outcome(async () => Object.keys(await sspiCalls())),
  buffers: await outcome(async () => {
    const token = { type: bufferType.token, bytes: Buffer.from('token') };
    const memory = (await sspiCalls()).buffers([{ type: bufferType.data, bytes: Buffer.alloc(0) }, token]);
    const read = [memory.read(0).toString(), memory.read(1).toString()];
    memory.free();
    return read;
  }),
  // Each takes its arguments and refuses the handle, which is none.
  noHandle: await outcome(async () => {
    const calls = await sspiCalls();
    const memory = calls.buffers([{ type: bufferType.token, bytes: Buffer.alloc(16) }]);
    const handle = Buffer.alloc(16);
    const sent = [handle, null, principal, 0, 0, 0x10, null, 0];
    const statuses = [
      await inThread(calls.initialise, ...sent, handle, memory.pointer, Buffer.alloc(4), Buffer.alloc(8)),
      calls.makeSignature(handle, 0, memory.pointer, 0),
      calls.verifySignature(handle, memory.pointer, 0, Buffer.alloc(4)),
      calls.queryAttributes(handle, 0, Buffer.alloc(16)),
      calls.deleteContext(handle),
      calls.freeCredential(handle),
    ];
    memory.free();
    return statuses.map((status) => ((status as number) >>> 0).toString(16));
  }),
  noTicket: await outcome(async () => (await sspi()).open(principal, {})),
  keytab: await outcome(async () => (await sspi()).open(principal, { keytab: 'failover.keytab' })),
};
writeFileSync(file, JSON.stringify(answers));

async function outcome(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    return error instanceof FailoverError ? `${error.id}: ${error.message}` : String(error);
  }
}
