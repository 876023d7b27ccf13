import { describeChanges, describeRecovery, type DnsProvider } from '../../dns/index.ts';
import type { RunLog } from '../../edge/run-log.ts';
import { type FleetSite, fleetSites } from '../../failover/fleet.ts';
import { refusedSwitches } from '../../failover/switch-check.ts';
import type { SwitchResult } from '../../failover/switch-apply.ts';
import type { SiteSwitch } from '../../failover/switch-plan.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import type { CommandContext } from '../definition.ts';
import { selectByName } from './wildcard.ts';

/** The sites of the settings that -Name chooses. */
export function chosenSites(
  names: readonly string[] | undefined,
  loaded: LoadedSettings,
  context: CommandContext,
): FleetSite[] {
  return selectByName(
    names,
    fleetSites(loaded),
    (site) => site.name,
    loaded.path,
    (error) => context.error(error),
  );
}

/** ShouldProcess's action: `Switch DNS to the failover server (site1.com A 10.1.1.1 -> 10.1.1.2); visitors follow …`. */
export function describeSwitch({ label, changes, recovery }: SiteSwitch): string {
  const records = describeChanges(changes);
  return `Switch DNS to ${label} (${records.join('; ')})${recovery === undefined ? '' : `; ${describeRecovery(recovery)}`}`;
}

/**
 * Under -WhatIf, without those that the update would refuse, and with the errors that the real run would tell of when it
 * makes the change and knows what was approved.
 */
export async function withoutRefused(
  switches: readonly SiteSwitch[],
  provider: DnsProvider,
  context: CommandContext,
): Promise<SiteSwitch[]> {
  if (!context.whatIf) return [...switches];
  for (const { error } of switches.flatMap((one) => one.unreadable)) context.error(error);
  const refused = await refusedSwitches(switches, provider, context.signal);
  for (const error of refused.values()) context.error(error);
  return switches.filter((one) => !refused.has(one));
}

/** Each fault of a switch is an error record and a line of the log. */
export async function reportSwitch(
  result: SwitchResult,
  context: CommandContext,
  log: RunLog,
): Promise<void> {
  for (const error of result.errors) {
    await log.write('error', `${result.site}: ${error.message}`, { site: result.site, errorId: error.id });
    context.error(error);
  }
}
