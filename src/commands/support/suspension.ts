import { openLog, type RunLog } from '../../edge/run-log.ts';
import { failure } from '../../model/failover-error.ts';
import type { CommandContext } from '../definition.ts';
import { output } from '../output.ts';

export const suspensionOutput = output(
  'IisFailover.SiteSuspension',
  {
    Name: { type: 'string', help: 'The site.' },
    Suspended: { type: 'bool', help: 'True while the monitor leaves it alone.' },
    SuspendedUntil: { type: 'datetime', help: 'When that ends by itself; empty where it is not suspended.' },
    Reason: { type: 'string', help: 'The reason that was given.' },
  },
  [
    { property: 'Name', width: 24 },
    { property: 'Suspended', width: 10 },
    { property: 'SuspendedUntil', width: 20 },
    { property: 'Reason' },
  ],
);

/**
 * When a maintenance window ends.
 * @param until a moment; exactly one of the two is given
 * @param forMs a length in ms
 * @throws FailoverError ParameterInvalid
 */
export function endOf(until: Date | undefined, forMs: number | undefined, now: Date): Date {
  if ((until === undefined) === (forMs === undefined))
    throw failure('ParameterInvalid.untilOrFor', {}, { target: 'Until' });
  const end = until ?? new Date(now.getTime() + forMs!);
  if (end > now) return end;
  const parameter = until === undefined ? 'For' : 'Until';
  throw failure('ParameterInvalid.windowPast', { end }, { target: parameter });
}

export function openSuspensionLog(folder: string, command: string, context: CommandContext): Promise<RunLog> {
  return openLog(folder, 'sitemonitor.log', command, context.clock, (text) => context.verbose(text));
}
