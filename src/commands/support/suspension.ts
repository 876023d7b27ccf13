import { openLog, type RunLog } from '../../edge/run-log.ts';
import { FailoverError } from '../../model/failover-error.ts';
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
    throw invalid('Give the end of the maintenance window: either -Until or -For', 'Until');
  const end = until ?? new Date(now.getTime() + forMs!);
  if (end > now) return end;
  const parameter = until === undefined ? 'For' : 'Until';
  throw invalid(
    `The maintenance window would end at ${end.toISOString()}, which is not in the future`,
    parameter,
  );
}

export function openSuspensionLog(folder: string, command: string, context: CommandContext): Promise<RunLog> {
  return openLog(folder, 'sitemonitor.log', command, context.clock, (text) => context.verbose(text));
}

function invalid(message: string, target: string): FailoverError {
  return new FailoverError('ParameterInvalid', message, { target });
}
