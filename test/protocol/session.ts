import { setImmediate as turn } from 'node:timers/promises';
import { type AnyCommand, change, type CommandContext, query } from '../../src/commands/definition.ts';
import { output } from '../../src/commands/output.ts';
import { systemClock } from '../../src/edge/clock.ts';
import type { Plan } from '../../src/model/plan.ts';
import { decodeClixml } from '../../src/protocol/clixml-decode.ts';
import { encodeClixml } from '../../src/protocol/clixml-encode.ts';
import { Dispatcher } from '../../src/protocol/dispatcher.ts';

const number = output('IisFailover.Number', { Number: { type: 'int', help: '' } }, []);
const words = {
  verb: 'Get',
  synopsis: '',
  description: [],
  examples: [{ title: '', code: '', explanation: '' }],
} as const;

type Run = (context: CommandContext) => AsyncIterable<{ Number: number }>;

/** Get-<noun>, which has a parameter -Path. */
export function queryOf(noun: string, run: Run): AnyCommand {
  const parameters = { Path: { type: 'path', help: '' } } as const;
  return query({
    ...words,
    kind: 'query',
    noun,
    parameters,
    output: number,
    run: (_, context) => run(context),
  });
}

export const steps = [
  { id: 'a', target: 'site1.com', action: 'Move' },
  { id: 'b', target: 'site2.com', action: 'Move' },
];

/** Get-Change, whose plan has the steps above, unless it gets one of its own. */
export function changeOf(
  run: (approved: readonly string[], context: CommandContext) => AsyncIterable<{ Number: number }>,
  plan: (context: CommandContext) => Promise<Plan> = async () => ({ steps }),
): AnyCommand {
  return change({
    ...words,
    kind: 'change',
    noun: 'Change',
    parameters: {},
    output: number,
    confirmImpact: 'Low',
    plan: (_, context) => plan(context),
    apply: (approved, _plan, context) =>
      run(
        approved.map(({ id }) => id),
        context,
      ),
  });
}

/** A dispatcher, and what it wrote: each reply's kind and id, with its payload behind it where it has one. */
export function session(...commands: AnyCommand[]) {
  const replies: unknown[][] = [];
  const complaints: string[] = [];
  let drained = Promise.resolve();
  const dispatcher = new Dispatcher({
    commands,
    version: '1.2.3',
    clock: systemClock,
    wire: {
      write: (line) => {
        const [, kind, id, payload] = /^\u001e([a-z]+) (\d+) (.*)\n$/.exec(line)!;
        replies.push([kind, Number(id), ...(payload === '' ? [] : decodeClixml(payload!))]);
      },
      drained: () => drained,
    },
    complain: (text) => void complaints.push(text),
  });
  const send = (kind: string, id: number, value?: unknown): void =>
    dispatcher.receive(`\u001e${kind} ${id} ${value === undefined ? '' : encodeClixml(value)}`);
  return {
    dispatcher,
    replies,
    complaints,
    send,
    invoke: (id: number, command: string): void => send('invoke', id, call(command)),
    /** From now on PowerShell takes nothing more until this resolves. */
    block: (until: Promise<void>): void => void (drained = until),
    /** The reply that ends the call, once it is there. */
    end: async (id: number): Promise<unknown[]> => {
      // Turns of the event loop are no measure: a thousand may pass before a file has been read.
      for (const until = Date.now() + 10_000; Date.now() < until;) {
        const end = replies.find(([kind, of]) => of === id && (kind === 'done' || kind === 'failed'));
        if (end !== undefined) return end;
        await turn();
      }
      throw new Error(`Call ${id} does not end: ${JSON.stringify(replies)}`);
    },
  };
}

/** The payload of an invoke. */
export function call(command: string, parameters: [string, unknown][] = []): Map<string, unknown> {
  return new Map<string, unknown>([
    ['Command', command],
    ['Parameters', new Map(parameters)],
  ]);
}
