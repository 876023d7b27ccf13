import type { RecordSetChange, RecordSetGuard, ZoneChange } from './change.ts';
import { planSwitch } from './plan.ts';
import type { SwitchPlan, SwitchRequest } from './plan-types.ts';
import { type RecordSet, sameKey, sameRecordSet } from './record-set.ts';

export interface MoveRequest extends Omit<SwitchRequest, 'direction' | 'failover'> {
  /** Addresses of the failover server that the names point to. */
  readonly from: readonly string[];
  /** Addresses of the one that they move to. */
  readonly to: readonly string[];
}

/**
 * Plans the move of a switched site from one failover server to another in one zone: the way back to the primary and
 * from there to the other server, as one change. So an address family that the first failover server lacks comes
 * again where the second has it. The `old` record and what failback restores stay as they are.
 */
export function planMove({ from, to, options, ...request }: MoveRequest): SwitchPlan {
  const common = { ...request, options: { ...options, keepOldRecord: false } };
  const back = planSwitch({ ...common, failover: from, direction: 'failback' });
  if (back.kind === 'refused') return back;
  const first = back.kind === 'nothing' ? undefined : back.change;
  const current = first === undefined ? request.current : applied(request.current, first.changes);
  const onward = planSwitch({ ...common, current, failover: to, direction: 'failover' });
  if (onward.kind !== 'change' || first === undefined) return onward;
  const change = composed(first, onward.change);
  const { warnings } = onward;
  return change.changes.length === 0
    ? { kind: 'nothing', warnings }
    : { kind: 'change', change, saved: [], warnings };
}

function applied(current: readonly RecordSet[], changes: readonly RecordSetChange[]): RecordSet[] {
  return [
    ...current.filter((set) => !changes.some((change) => sameKey(change, set))),
    ...changes.flatMap(({ after }) => (after === null ? [] : [after])),
  ];
}

/** Two changes, one after the other, as one that relies on what is there before both. */
function composed(first: ZoneChange, second: ZoneChange): ZoneChange {
  const all = [
    ...first.changes.map((one) => {
      const then = second.changes.find((other) => sameKey(other, one));
      return then === undefined ? one : { ...one, after: then.after };
    }),
    ...second.changes.filter((one) => !first.changes.some((other) => sameKey(other, one))),
  ];
  const unchanged = all.filter(({ before, after }) => isSame(before, after));
  const guards: RecordSetGuard[] = [
    ...first.guards,
    ...second.guards.filter((guard) => ![...all, ...first.guards].some((one) => sameKey(one, guard))),
    ...unchanged.map(({ name, type, before }) => ({ name, type, expected: before })),
  ];
  return {
    zone: first.zone,
    changes: all.filter((one) => !unchanged.includes(one)),
    guards: guards.filter(
      (guard) => unchanged.some((one) => sameKey(one, guard)) || !all.some((one) => sameKey(one, guard)),
    ),
  };
}

function isSame(a: RecordSet | null, b: RecordSet | null): boolean {
  return a === null || b === null ? a === b : sameRecordSet(a, b);
}
