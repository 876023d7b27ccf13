import { RE2JS } from 're2js';
import { type HealthCheck, statusMatches } from './health-check.ts';
import { ProbeFailure } from './probe-failure.ts';

/** @throws ProbeFailure status */
export function checkStatus(status: number, { expectedStatus }: HealthCheck): void {
  if (!statusMatches(status, expectedStatus))
    throw new ProbeFailure('status', `The answer was ${status}, expected is ${expectedStatus.join(', ')}`);
}

/** @throws ProbeFailure body */
export function checkBody(body: Buffer, check: HealthCheck): void {
  const { bodyContains, bodyMatches } = check;
  if (bodyContains !== undefined && !body.includes(bodyContains))
    throw new ProbeFailure('body', `The answer does not contain ${JSON.stringify(bodyContains)}`);
  if (bodyMatches !== undefined && !expressionOf(check, bodyMatches).matcher(body.toString('utf8')).find())
    throw new ProbeFailure('body', `The answer does not match ${bodyMatches}`);
}

const compiled = new WeakMap<HealthCheck, RE2JS>();

function expressionOf(check: HealthCheck, source: string): RE2JS {
  const known = compiled.get(check) ?? RE2JS.compile(source);
  compiled.set(check, known);
  return known;
}
