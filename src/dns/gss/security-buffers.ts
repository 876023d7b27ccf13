import type * as Koffi from 'koffi';

/** SECBUFFER_DATA and SECBUFFER_TOKEN (sspi.h). */
export const bufferType = { data: 1, token: 2 } as const;

/** What stands in a SecBuffer; as one for output, `bytes` is as long as what it can take. */
export interface SecurityBuffer {
  readonly type: number;
  readonly bytes: Buffer;
}

interface BufferTypes {
  readonly buffer: Koffi.TypeObject;
  readonly description: Koffi.TypeObject;
}

/** Declares the C types once and gives what makes buffers of them. */
export function securityBuffers(koffi: typeof Koffi): (list: readonly SecurityBuffer[]) => SecurityBuffers {
  const types = {
    buffer: koffi.struct({ cbBuffer: 'uint32_t', BufferType: 'uint32_t', pvBuffer: 'void *' }),
    description: koffi.struct({ ulVersion: 'uint32_t', cBuffers: 'uint32_t', pBuffers: 'void *' }),
  };
  return (list) => new SecurityBuffers(koffi, types, list);
}

/**
 * A SecBufferDesc with its buffers, in memory of its own that stays where it is while a call on another thread uses
 * it (sspi.h): `{ ulVersion 0, cBuffers, pBuffers }`, each buffer `{ cbBuffer, BufferType, pvBuffer }`.
 */
export class SecurityBuffers {
  /** Of the SecBufferDesc. */
  readonly pointer: bigint;
  readonly #koffi: typeof Koffi;
  readonly #list: bigint;
  readonly #contents: readonly bigint[];
  readonly #size: number;

  constructor(koffi: typeof Koffi, { buffer, description }: BufferTypes, buffers: readonly SecurityBuffer[]) {
    this.#koffi = koffi;
    this.#size = koffi.sizeof(buffer);
    this.#contents = buffers.map(({ bytes }) => {
      const content = koffi.alloc('uint8_t', Math.max(1, bytes.length)) as bigint;
      if (bytes.length > 0) koffi.encode(content, 'uint8_t', bytes, bytes.length);
      return content;
    });
    this.#list = koffi.alloc(buffer, buffers.length) as bigint;
    for (const [index, { type, bytes }] of buffers.entries()) {
      const value = { cbBuffer: bytes.length, BufferType: type, pvBuffer: this.#contents[index] };
      koffi.encode(this.#list, index * this.#size, buffer, value);
    }
    this.pointer = koffi.alloc(description, 1) as bigint;
    const value = { ulVersion: 0, cBuffers: buffers.length, pBuffers: this.#list };
    koffi.encode(this.pointer, description, value);
  }

  /** What a buffer has now: as long as the call says. */
  read(index: number): Buffer {
    const length = this.#koffi.decode(this.#list, index * this.#size, 'uint32_t') as number;
    if (length === 0) return Buffer.alloc(0);
    return Buffer.from(this.#koffi.decode(this.#contents[index], 'uint8_t', length) as Uint8Array);
  }

  free(): void {
    for (const pointer of [this.pointer, this.#list, ...this.#contents]) this.#koffi.free(pointer);
  }
}
