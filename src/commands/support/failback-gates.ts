import { allGates, type FailbackGate, patientGate } from '../../failover/failback-gate.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import type { CommandContext } from '../definition.ts';
import { configurationGate } from './configuration-gate.ts';
import { contentGate } from './content-gate.ts';

/**
 * What the settings ask before an automatic failback.
 * @param patienceMs how long a switch waits for the answer; see patientGate
 */
export function failbackGates(
  loaded: LoadedSettings,
  stateFolder: string,
  context: CommandContext,
  patienceMs?: number,
): FailbackGate {
  const common = loaded.settings.monitor?.failbackGate ?? {};
  const known = new Map<string, FailbackGate>();
  const gateOf = ({ content, configuration }: typeof common): FailbackGate => {
    const key = `${content} ${configuration}`;
    const gate =
      known.get(key) ??
      allGates([
        ...(content === 'ignore' ? [] : [contentGate(loaded, stateFolder, content === 'require')]),
        ...(configuration === 'require' ? [configurationGate(loaded, context)] : []),
      ]);
    known.set(key, gate);
    return gate;
  };
  const gate: FailbackGate = {
    closed: (site, signal) => gateOf(site.monitor?.failbackGate ?? common).closed(site, signal),
  };
  return patientGate(gate, context.clock, patienceMs);
}
