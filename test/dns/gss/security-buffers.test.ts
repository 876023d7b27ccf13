import assert from 'node:assert/strict';
import * as koffi from 'koffi';
import { bufferType, securityBuffers } from '../../../src/dns/gss/security-buffers.ts';

describe("SSPI's buffers", () => {
  const make = securityBuffers(koffi);
  const bytesAt = (pointer: bigint, length: number): Buffer =>
    Buffer.from(koffi.decode(pointer, 'uint8_t', length) as Uint8Array);

  it('lie in memory as sspi.h declares them on 64-bit systems', () => {
    const buffers = make([
      { type: bufferType.data, bytes: Buffer.from('update') },
      { type: bufferType.token, bytes: Buffer.alloc(3) },
    ]);
    try {
      const description = bytesAt(buffers.pointer, 16);
      assert.deepEqual([description.readUInt32LE(0), description.readUInt32LE(4)], [0, 2]);
      const list = bytesAt(description.readBigUInt64LE(8), 32);
      assert.deepEqual([list.readUInt32LE(0), list.readUInt32LE(4)], [6, 1]);
      assert.equal(bytesAt(list.readBigUInt64LE(8), 6).toString(), 'update');
      assert.deepEqual([list.readUInt32LE(16), list.readUInt32LE(20)], [3, 2]);
    } finally {
      buffers.free();
    }
  });

  it('give back what a call wrote, as long as it says', () => {
    const buffers = make([{ type: bufferType.token, bytes: Buffer.alloc(8) }]);
    try {
      const list = bytesAt(buffers.pointer, 16).readBigUInt64LE(8);
      koffi.encode(bytesAt(list, 16).readBigUInt64LE(8), 'uint8_t', Buffer.from('token'), 5);
      koffi.encode(list, 'uint32_t', 5);
      assert.equal(buffers.read(0).toString(), 'token');
      koffi.encode(list, 'uint32_t', 0);
      assert.equal(buffers.read(0).length, 0);
    } finally {
      buffers.free();
    }
  });
});
