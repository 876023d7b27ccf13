import { FailoverError, failure } from '../model/failover-error.ts';
import { serverAddresses } from './addresses.ts';
import type { RecordSetGuard } from './change.ts';
import { addressChanges, addressGuards } from './address-plan.ts';
import { normaliseName } from './names.ts';
import { dropOldRecord, keepOldRecord } from './old-record.ts';
import type { SwitchInput, SwitchPlan, SwitchRequest } from './plan-types.ts';
import { findRecordSet } from './record-set.ts';

/** The names whose record sets a plan needs: the host names and the `old` record. Normalised. */
export function namesToRead(request: Pick<SwitchRequest, 'zone' | 'hostNames' | 'options'>): string[] {
  const names = request.hostNames.map(normaliseName);
  if (request.options?.keepOldRecord !== false) names.push(oldNameOf(request));
  return [...new Set(names)];
}

/** Plans the switch of one site in one zone; changes nothing and throws nothing but on invalid names. */
export function planSwitch(request: SwitchRequest): SwitchPlan {
  const input = normalised(request);
  try {
    return plan(input);
  } catch (error) {
    if (error instanceof FailoverError) return { kind: 'refused', error };
    throw error;
  }
}

function plan(input: SwitchInput): SwitchPlan {
  const moves = input.hostNames.flatMap((name) => addressChanges(input, name));
  const mail = mailAt([...new Set(moves.map((move) => move.name))], input);
  const old = input.direction === 'failover' ? keepOldRecord(input, moves) : dropOldRecord(input, moves);
  const changes = [...moves, ...old.changes];
  const warnings = [...mail.warnings, ...old.warnings];
  if (input.direction === 'failback' && moves.length > 0 && input.saved.length === 0) {
    warnings.push(`${input.zone}: no records were saved, so failback computes them from the settings`);
  }
  if (changes.length === 0) return { kind: 'nothing', warnings };
  const addresses = input.hostNames.flatMap((name) => addressGuards(input, name, moves));
  return {
    kind: 'change',
    change: { zone: input.zone, changes, guards: [...addresses, ...mail.guards, ...old.guards] },
    saved: [...moves.flatMap((move) => move.before ?? []), ...old.saved],
    warnings,
  };
}

/**
 * Mail for a name goes where its MX record says, or, where that names the name itself, to the web server's address.
 * Failback only brings mail back to where it was, so there it is worth a warning at most.
 */
function mailAt(
  moved: readonly string[],
  { current, direction, options }: SwitchInput,
): { warnings: string[]; guards: RecordSetGuard[] } {
  const warnings: string[] = [];
  const guards: RecordSetGuard[] = [];
  const allowed = options.acknowledgeMx === true || direction === 'failback';
  for (const name of moved) {
    const mx = findRecordSet(current, name, 'MX');
    if (mx === undefined) {
      if (!allowed) guards.push({ name, type: 'MX', expected: null });
      continue;
    }
    const mail = failure('DnsMailAtName', { name, data: mx.data.join(', ') }, { target: name });
    if (!allowed) throw mail;
    warnings.push(mail.message);
  }
  return { warnings, guards };
}

function normalised(request: SwitchRequest): SwitchInput {
  const zone = normaliseName(request.zone);
  const hostNames = [...new Set(request.hostNames.map(normaliseName))];
  const options = request.options ?? {};
  const oldName = oldNameOf(request);
  return {
    zone,
    hostNames,
    oldName: options.keepOldRecord === false ? undefined : oldName,
    old: serverAddresses(options.oldAddresses ?? request.primary, []).primary,
    direction: request.direction,
    servers: serverAddresses(request.primary, request.failover),
    current: request.current,
    saved: request.saved ?? [],
    options,
  };
}

function oldNameOf({ zone, options }: Pick<SwitchRequest, 'zone' | 'options'>): string {
  return normaliseName(`${options?.oldLabel ?? 'old'}.${normaliseName(zone)}`);
}
