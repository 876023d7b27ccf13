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
  const { content, configuration } = loaded.settings.monitor?.failbackGate ?? {};
  const gates: FailbackGate[] = [];
  if (content !== 'ignore') gates.push(contentGate(loaded, stateFolder, content === 'require'));
  if (configuration === 'require') gates.push(configurationGate(loaded, context));
  return patientGate(allGates(gates), context.clock, patienceMs);
}
