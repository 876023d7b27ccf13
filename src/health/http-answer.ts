import { HTTPParser } from 'http-parser-js';
import type { HttpMethod } from './health-check.ts';
import { plainAnswer } from './plain-answer.ts';

/** What comes before the body. */
export interface AnswerHead {
  readonly status: number;
  readonly location: string | undefined;
}

const nothing = Buffer.alloc(0);

/** The one answer of a connection, read as its bytes come. node:http would take twice the time. */
export class HttpAnswer {
  readonly #method: HttpMethod;
  readonly #bodyLimit: number;
  readonly #onHead: (head: AnswerHead) => boolean;
  #parser: InstanceType<typeof HTTPParser> | undefined;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #interim = false;
  #complete = false;
  /** What onHead has thrown; the parser would take it for its own. */
  #refused: Error | undefined;

  /**
   * @param bodyLimit bytes of the body that are wanted
   * @param onHead called once; false where no body is wanted. What it throws is what reading ends with
   */
  constructor(method: HttpMethod, bodyLimit: number, onHead: (head: AnswerHead) => boolean) {
    this.#method = method;
    this.#bodyLimit = bodyLimit;
    this.#onHead = onHead;
  }

  /**
   * The body, up to its limit, once it is complete; undefined while more must come. It may lie in `bytes`, of which
   * nothing else is held after the call.
   * @throws what onHead throws, and Error where this is no HTTP
   */
  read(bytes: Buffer): Buffer | undefined {
    if (this.#parser === undefined) {
      const plain = plainAnswer(bytes, this.#method);
      if (plain !== undefined) return this.#onHead(plain) ? plain.body.subarray(0, this.#bodyLimit) : nothing;
      this.#parser = this.#newParser();
    }
    const fault = this.#parser.execute(Buffer.from(bytes));
    if (this.#refused !== undefined) throw this.#refused;
    if (this.#complete) return this.#body();
    if (fault instanceof Error) throw fault;
    return undefined;
  }

  /** The body that ends with the connection. @throws Error ECONNRESET where more was to come */
  end(): Buffer {
    this.#parser?.finish();
    if (this.#complete) return this.#body();
    throw Object.assign(new Error('the answer broke off'), { code: 'ECONNRESET' });
  }

  #body(): Buffer {
    return Buffer.concat(this.#chunks).subarray(0, this.#bodyLimit);
  }

  #newParser(): InstanceType<typeof HTTPParser> {
    const parser = new HTTPParser(HTTPParser.RESPONSE);
    parser.maxHeaderSize = 16 * 1024; // as node:http
    parser[HTTPParser.kOnHeadersComplete] = ({ statusCode, headers }) => {
      // RFC 9110 section 15.2: an interim answer comes before the one that counts.
      this.#interim = statusCode >= 100 && statusCode < 200;
      if (!this.#complete && (!this.#interim || statusCode === 101)) this.#head(statusCode, headers);
      return this.#method === 'HEAD' ? 1 : 0;
    };
    parser[HTTPParser.kOnBody] = (buffer, offset, size) => {
      if (this.#complete) return;
      this.#chunks.push(buffer.subarray(offset, offset + size));
      this.#length += size;
      this.#complete = this.#length >= this.#bodyLimit;
    };
    parser[HTTPParser.kOnMessageComplete] = () => {
      this.#complete ||= !this.#interim;
    };
    return parser;
  }

  #head(status: number, fields: readonly string[]): void {
    try {
      if (status === 101) throw new Error('it switched protocols');
      this.#complete = !this.#onHead({ status, location: fieldOf(fields, 'location') });
    } catch (error) {
      this.#refused ??= error instanceof Error ? error : new Error(String(error));
    }
  }
}

/** Names and values alternate. */
function fieldOf(fields: readonly string[], name: string): string | undefined {
  const index = fields.findIndex((field, i) => i % 2 === 0 && field.toLowerCase() === name);
  return index < 0 ? undefined : fields[index + 1];
}
