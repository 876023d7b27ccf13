import type { HttpMethod } from './health-check.ts';

export interface PlainAnswer {
  readonly status: number;
  readonly location: string | undefined;
  /** Lies in the bytes that were given. */
  readonly body: Buffer;
}

/** RFC 9112 sections 4 and 5, without what is obsolete there or needs care: folded lines, other versions, 1xx. */
const head = /^HTTP\/1\.[01] ([2-5]\d\d) [^\r\n]*\r\n(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n]*\r\n)+$/;
const length = /\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r/i;
const lengths = /\n(?:content-length|transfer-encoding):/gi;
const redirection = /\nlocation:[ \t]*([^\r]*?)[ \t]*\r/i;

/**
 * An answer that is all there and as plain as nearly all are: a well-formed head and a body of a given length. What
 * is anything else is undefined, and for a real parser, which takes several times as long.
 */
export function plainAnswer(bytes: Buffer, method: HttpMethod): PlainAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n', 0, 'latin1');
  if (end < 0 || end > 16 * 1024 || method === 'HEAD') return undefined;
  const text = bytes.toString('latin1', 0, end + 2);
  const status = Number(head.exec(text)?.[1]);
  // These have no body, whatever their length says (RFC 9112 section 6.3).
  if (Number.isNaN(status) || status === 204 || status === 304) return undefined;
  const size = length.exec(text)?.[1];
  if (size === undefined || text.match(lengths)?.length !== 1) return undefined;
  const body = bytes.subarray(end + 4, end + 4 + Number(size));
  if (body.length < Number(size)) return undefined;
  return { status, location: redirection.exec(text)?.[1], body };
}
