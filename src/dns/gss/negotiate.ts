import { randomBytes, randomInt } from 'node:crypto';
import { failure } from '../../model/failover-error.ts';
import { decodeMessage, rcode } from '../message.ts';
import { describeServer, type DnsServer } from '../server.ts';
import { type ExchangeOptions, exchangeTcp } from '../transport.ts';
import { verifyAnswer } from '../tsig.ts';
import type { GssContext } from './context.ts';
import { encodeTkeyQuery, gssAlgorithm, readTkey } from './tkey.ts';

/** A key that a security context stands for (RFC 3645 section 3.2). */
export interface GssKey {
  /** Unique to the context. */
  readonly name: string;
  readonly algorithm: typeof gssAlgorithm;
  readonly context: GssContext;
}

/** Kerberos needs one exchange, SPNEGO two or three; a server that goes on and on is not followed. */
const maximumSteps = 10;
/** TKEY errors BADMODE and BADALG (RFC 2930 section 2.6). */
const badMode = 19;
const badAlgorithm = 21;

/**
 * Establishes a context with a DNS server by TKEY queries over TCP (RFC 3645 section 3.1). The last answer is signed
 * with the new context, and believed only if it is.
 * @throws FailoverError GssRejected, DnsAnswerNotSigned, DnsAnswerInvalid, those of GssContext.step and of exchangeTcp
 */
export async function negotiate(
  server: DnsServer,
  principal: string,
  context: GssContext,
  now: () => Date,
  options: ExchangeOptions,
): Promise<GssKey> {
  const key = {
    name: `${randomBytes(8).toString('hex')}.iisfailover`,
    algorithm: gssAlgorithm,
    context,
  } as const;
  let answer: Buffer | undefined;
  let token: Buffer | undefined;
  for (let count = 0; count < maximumSteps; count++) {
    const step = await context.step(token);
    if (step.token !== undefined) {
      answer = await exchangeTcp(
        server,
        encodeTkeyQuery(randomInt(0x10000), key.name, step.token, now()),
        options,
      );
      token = tokenOf(answer, key.name, principal, server);
    }
    if (step.established && answer !== undefined) {
      verifyAnswer(answer, key, {}, now(), describeServer(server));
      return key;
    }
    if (step.token === undefined) break;
  }
  throw failure('GssRejected.endless', ...about(server));
}

/** @throws FailoverError GssRejected, DnsAnswerInvalid, DnsAnswerMalformed */
function tokenOf(bytes: Buffer, key: string, principal: string, server: DnsServer): Buffer {
  const message = decodeMessage(bytes);
  const tkey = readTkey(bytes, message);
  const [values, options] = about(server);
  if (message.rcode !== rcode.NOERROR && (tkey?.error ?? 0) === 0)
    throw failure('GssRejected.code', { ...values, code: message.rcode }, options);
  if (tkey === undefined) throw failure('GssRejected.noRecord', values, options);
  if (tkey.error === rcode.BADKEY) throw failure('GssRejected.ticket', { ...values, principal }, options);
  if (tkey.error === badMode || tkey.error === badAlgorithm)
    throw failure('GssRejected.algorithm', { ...values, code: tkey.error }, options);
  if (tkey.error !== rcode.NOERROR)
    throw failure('GssRejected.tkey', { ...values, code: tkey.error }, options);
  if (tkey.name !== key || tkey.algorithm !== gssAlgorithm)
    throw failure('DnsAnswerInvalid.otherKey', { ...values, key }, options);
  return tkey.token;
}

function about(server: DnsServer): [{ server: string }, { target: string }] {
  const name = describeServer(server);
  return [{ server: name }, { target: name }];
}
