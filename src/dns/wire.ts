import * as dnsPacket from 'dns-packet';
import typeNumbers from 'dns-packet/types.js';

// The package exports its name codec, but its type declarations leave it out.
const { name: nameCodec } = dnsPacket as unknown as {
  readonly name: {
    encode(name: string): Buffer;
    /** `bytes` tells how many the last call consumed. */
    readonly decode: ((message: Buffer, offset: number) => string) & { readonly bytes: number };
  };
};

/** A normalised name, uncompressed (RFC 1035 section 3.1). */
export function encodeName(name: string): Buffer {
  return nameCodec.encode(name);
}

/** The name at `offset`, compressed or not, in lower case, and the offset after it. Throws on malformed names. */
export function decodeName(message: Buffer, offset: number): { name: string; end: number } {
  const name = nameCodec.decode(message, offset).toLowerCase();
  return { name, end: offset + nameCodec.decode.bytes };
}

/** The number of a type mnemonic or of `TYPE123` (RFC 3597 section 5); undefined for an unknown word. */
export function typeNumber(type: string): number | undefined {
  const generic = /^TYPE(\d{1,5})$/.exec(type);
  if (generic) return Number(generic[1]) <= 0xffff ? Number(generic[1]) : undefined;
  return typeNumbers.toType(type) || undefined;
}

export function typeName(number: number): string {
  return typeNumbers.toString(number).replace(/^UNKNOWN_/, 'TYPE');
}
