import assert from 'node:assert/strict';
import {
  planSwitch,
  recordSet,
  type RecordSet,
  type SwitchRequest,
  type ZoneChange,
} from '../../src/dns/index.ts';

export const a = (name: string, ...data: string[]): RecordSet => recordSet(name, 'A', 300, data);
export const aaaa = (name: string, ...data: string[]): RecordSet => recordSet(name, 'AAAA', 300, data);
export const cname = (name: string, target: string): RecordSet => recordSet(name, 'CNAME', 300, [target]);
export const withTtl = (set: RecordSet, ttl: number): RecordSet => ({ ...set, ttl });

/** The whitepaper's zone: the primary is up, and down. */
export const before: readonly RecordSet[] = [a('site1.com', '10.1.1.1'), cname('www.site1.com', 'site1.com')];
export const during: readonly RecordSet[] = [
  a('site1.com', '10.1.1.2'),
  a('old.site1.com', '10.1.1.1'),
  cname('www.site1.com', 'site1.com'),
];

/** The whitepaper's site, with IPv6 addresses where the test's records have them. */
export function request(changes: Partial<SwitchRequest> & Pick<SwitchRequest, 'current'>): SwitchRequest {
  return {
    zone: 'site1.com',
    hostNames: ['site1.com', 'www.site1.com'],
    primary: ['10.1.1.1', '2001:db8::1'],
    failover: ['10.1.1.2', '2001:db8::2'],
    direction: 'failover',
    ...changes,
  };
}

/** A zone after a change; asserts that what the change relies on holds before it. */
export function applied(sets: readonly RecordSet[], { changes, guards }: ZoneChange): RecordSet[] {
  const at = (one: { name: string; type: string }) =>
    sets.find((set) => set.name === one.name && set.type === one.type) ?? null;
  for (const change of changes) assert.deepEqual(at(change), change.before);
  for (const guard of guards) assert.deepEqual(at(guard), guard.expected);
  const touched = new Set(changes.map(({ name, type }) => `${name} ${type}`));
  return sorted([
    ...sets.filter((set) => !touched.has(`${set.name} ${set.type}`)),
    ...changes.flatMap(({ after }) => after ?? []),
  ]);
}

export function sorted(sets: readonly RecordSet[]): RecordSet[] {
  const key = (set: RecordSet) => `${set.name} ${set.type}`;
  return [...sets].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** The plan's change, or a failed test that shows what it is instead. */
export function planned(asked: SwitchRequest) {
  const plan = planSwitch(asked);
  assert.equal(plan.kind, 'change', plan.kind === 'refused' ? plan.error.message : plan.kind);
  return plan;
}

export function refusal(asked: SwitchRequest): [id: string, message: string] {
  const plan = planSwitch(asked);
  assert.equal(plan.kind, 'refused');
  const { error } = plan;
  return [error.id, error.message];
}
