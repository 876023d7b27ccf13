import { isIPv4, isIPv6 } from 'node:net';
import { failure, type FailoverError } from '../model/failover-error.ts';
import { normaliseName } from './names.ts';
import { decodeName, encodeName } from './wire.ts';

/**
 * Record data in the one presentation form that values are compared in.
 * @throws FailoverError DnsRecordInvalid, DnsNameInvalid
 */
export function normaliseData(type: string, data: string): string {
  const text = data.trim();
  const invalid = (): FailoverError => failure('DnsRecordInvalid.data', { data, type }, { target: data });
  switch (type) {
    case 'A':
      if (!isIPv4(text)) throw invalid();
      return text;
    case 'AAAA':
      if (!isIPv6(text) || text.includes('%')) throw invalid();
      return canonicalIPv6(text);
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return normaliseName(text);
    case 'MX': {
      const match = /^(\d{1,5})\s+(\S+)$/.exec(text);
      if (match === null || Number(match[1]) > 0xffff) throw invalid();
      return `${Number(match[1])} ${normaliseName(match[2]!)}`;
    }
    case 'SOA': {
      const [mname = '', rname = '', ...numbers] = text.split(/\s+/);
      if (
        numbers.length !== 5 ||
        !numbers.every((one) => /^\d{1,10}$/.test(one) && Number(one) <= 0xffffffff)
      )
        throw invalid();
      return [normaliseName(mname), normaliseName(rname), ...numbers.map(Number)].join(' ');
    }
    default: {
      const match = /^\\#\s+(\d{1,5})((?:\s*[0-9a-fA-F])*)$/.exec(text);
      const hex = match?.[2]?.replace(/\s+/g, '').toLowerCase() ?? '';
      if (match === null || hex.length !== Number(match[1]) * 2) throw invalid();
      return generic(Buffer.from(hex, 'hex'));
    }
  }
}

/** Presentation form (normalised) to wire form, uncompressed. */
export function encodeData(type: string, data: string): Buffer {
  const parts = data.split(' ');
  switch (type) {
    case 'A':
      return Buffer.from(data.split('.').map(Number));
    case 'AAAA':
      return ipv6Bytes(data);
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return encodeName(data);
    case 'MX':
      return Buffer.concat([uint16(Number(parts[0])), encodeName(parts[1]!)]);
    case 'SOA': {
      const numbers = Buffer.alloc(20);
      parts.slice(2).forEach((part, index) => numbers.writeUInt32BE(Number(part), index * 4));
      return Buffer.concat([encodeName(parts[0]!), encodeName(parts[1]!), numbers]);
    }
    default:
      return Buffer.from(parts.slice(2).join(''), 'hex');
  }
}

/** Wire form at `offset` of a message (names may be compressed) to the normalised presentation form. */
export function decodeData(type: string, message: Buffer, offset: number, length: number): string {
  const bytes = message.subarray(offset, offset + length);
  switch (type) {
    case 'A':
      if (length !== 4) throw new RangeError('an IPv4 address has four octets');
      return [...bytes].join('.');
    case 'AAAA':
      return canonicalIPv6(bytes.toString('hex').replace(/(.{4})(?!$)/g, '$1:'));
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return decodeName(message, offset).name;
    case 'MX':
      return `${bytes.readUInt16BE(0)} ${decodeName(message, offset + 2).name}`;
    case 'SOA': {
      const mname = decodeName(message, offset);
      const rname = decodeName(message, mname.end);
      const numbers = [0, 4, 8, 12, 16].map((at) => message.readUInt32BE(rname.end + at));
      return [mname.name, rname.name, ...numbers].join(' ');
    }
    default:
      return generic(bytes);
  }
}

export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** RFC 3597 section 5. */
function generic(bytes: Buffer): string {
  return bytes.length === 0 ? '\\# 0' : `\\# ${bytes.length} ${bytes.toString('hex')}`;
}

/** RFC 5952, as the URL standard writes it. */
function canonicalIPv6(text: string): string {
  return new URL(`http://[${text}]/`).hostname.slice(1, -1);
}

function ipv6Bytes(text: string): Buffer {
  const [head = '', tail] = text.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const all = [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back];
  return Buffer.concat(all.map((group) => uint16(parseInt(group, 16))));
}
