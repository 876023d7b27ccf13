import { failure } from '../model/failover-error.ts';
import type { ZoneChange } from './change.ts';
import { describeRecordSet, type RecordSet, sameData } from './record-set.ts';

/**
 * Checks what a change relies on against what was read just now, for servers that cannot be told a condition.
 * @throws FailoverError DnsChangedMeanwhile for the first record set that is not as the plan saw it
 */
export function requireExpected(
  change: ZoneChange,
  find: (name: string, type: string) => RecordSet | undefined,
): void {
  const expectations = [
    ...change.changes.map(({ name, type, before }) => ({ name, type, expected: before })),
    ...change.guards,
  ];
  for (const { name, type, expected } of expectations) {
    const found = find(name, type);
    if (sameData(found?.data ?? [], expected?.data ?? [])) continue;
    const words = (set: RecordSet | null | undefined) =>
      set ? describeRecordSet(set) : `no ${name} ${type}`;
    throw failure(
      'DnsChangedMeanwhile.expected',
      { zone: change.zone, found: words(found), expected: words(expected) },
      { target: name },
    );
  }
}
