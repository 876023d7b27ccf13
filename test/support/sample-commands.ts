import { appendFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AnyCommand, change, query } from '../../src/commands/definition.ts';
import { output } from '../../src/commands/output.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import type { Plan } from '../../src/model/plan.ts';
import { Secret } from '../../src/model/secret.ts';

/** Commands that show one property of the bridge each; a module is generated from them as from the real ones. */

const text = output('IisFailover.SampleText', { Text: { type: 'string', help: 'Text.' } }, [
  { property: 'Text' },
]);

const help = (title: string) => ({
  synopsis: title,
  description: [`${title} "Quoted", 'quoted' & <marked> \u2018\u00e9\u2019.`],
  examples: [{ title, code: "'it''s'", explanation: 'It works.' }] as const,
});

/** What arrives in Node, as JSON with clear secrets: nothing else may show them. */
const getSampleEcho = query({
  kind: 'query',
  verb: 'Get',
  noun: 'SampleEcho',
  ...help('Shows what has arrived.'),
  parameters: {
    Name: { type: 'string[]', position: 0, pipeline: 'both', wildcards: true, help: 'Names.' },
    Word: { type: 'string', aliases: ['Term'], help: 'A word.' },
    Choice: { type: 'string', choices: ['One', 'Two'], help: 'A choice.' },
    Path: { type: 'path', help: 'A path.' },
    Paths: { type: 'path[]', help: 'Paths.' },
    Count: { type: 'int', range: [1, 9], help: 'A number.' },
    Fast: { type: 'switch', help: 'A switch.' },
    Map: { type: 'hashtable', help: 'A map.' },
    Password: { type: 'securestring', help: 'A secret.' },
    Credential: { type: 'credential', help: 'Who.' },
    Credentials: { type: 'credentials', help: 'Who else.' },
    Wait: { type: 'timespan', help: 'A time.' },
  },
  output: text,
  async *run(parameters) {
    yield { Text: JSON.stringify(parameters, plain) };
    if (parameters.Password) yield { Text: `password ${parameters.Password.reveal()}` };
    if (parameters.Credential) yield { Text: `credential ${parameters.Credential.password.reveal()}` };
    for (const [name, { password }] of parameters.Credentials ?? [])
      yield { Text: `${name} ${password.reveal()}` };
  },
});

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Secret) return undefined;
  return value instanceof Map ? Object.fromEntries(value as Map<string, unknown>) : value;
}

const number = output(
  'IisFailover.SampleNumber',
  {
    Number: { type: 'int', help: 'Its value.' },
    Name: { type: 'string', help: 'Its name.' },
    Time: { type: 'datetime', help: 'A time.' },
    Duration: { type: 'timespan', help: 'A time span.' },
    Factor: { type: 'string[]', help: 'Its factors.' },
  },
  [
    { property: 'Number', width: 8, align: 'Right' },
    { property: 'Name', label: 'Called' },
  ],
);

const getSampleNumber = query({
  kind: 'query',
  verb: 'Get',
  noun: 'SampleNumber',
  ...help('Counts.'),
  parameters: { Count: { type: 'int', mandatory: true, position: 0, help: 'How far.' } },
  output: number,
  async *run({ Count }, { signal }) {
    for (let n = 1; n <= Count && !signal.aborted; n++) {
      const factors = [...String(n)];
      yield { Number: n, Name: `number ${n}`, Time: new Date(0), Duration: 1500, Factor: factors };
      if (n % 100 === 0) await sleep(0);
    }
  },
});

/** Never ends by itself. Writes `started`, then what stopped it, into the marker file. */
const waitSample = query({
  kind: 'query',
  verb: 'Wait',
  noun: 'Sample',
  ...help('Waits.'),
  parameters: {
    Marker: { type: 'path', mandatory: true, help: 'A file.' },
    Deaf: { type: 'switch', help: 'Hears nothing for 20 s.' },
  },
  output: text,
  async *run({ Marker, Deaf }, { signal }) {
    signal.addEventListener('abort', () => void appendFile(Marker, 'aborted\n'));
    yield { Text: `process ${process.pid}` };
    await sleep(1); // the object goes out first
    await writeFile(Marker, 'started\n');
    // What a library does that computes without a pause.
    if (Deaf === true) for (const end = Date.now() + 20_000; Date.now() < end;) {}
    for (let n = 1; !signal.aborted; n++) {
      await sleep(10, undefined, { signal });
      yield { Text: String(n) };
    }
  },
});

const writeSample = query({
  kind: 'query',
  verb: 'Write',
  noun: 'Sample',
  ...help('Writes into every stream.'),
  parameters: {},
  output: text,
  async *run(_parameters, context) {
    console.log('stray line');
    process.stdout.write('stray text without end');
    context.verbose('verbose \u00fc');
    yield { Text: 'first' };
    context.progress({ activity: 'Counting', status: '', percent: 50 });
    context.warning('warning');
    context.error(new FailoverError('FileNotFound', 'There is no a.txt', { target: 'a.txt' }));
    context.error(new FailoverError('DiskFull', 'No room for b.txt', { target: 'b.txt' }));
    context.progress({ activity: 'Counting', status: 'done', completed: true });
    yield { Text: 'last \u{1f600} _x0041_\r\n\u0001' };
  },
});

/** Reports far more than anyone can read, with a percentage that falls; ends in the chosen way. */
const measureSample = query({
  kind: 'query',
  verb: 'Measure',
  noun: 'Sample',
  ...help('Measures.'),
  parameters: {
    Way: {
      type: 'string',
      mandatory: true,
      position: 0,
      choices: ['End', 'Fail', 'Report', 'Wait'],
      help: 'How.',
    },
  },
  output: text,
  async *run({ Way }, context) {
    const activity = 'Measuring';
    for (let n = 0; n < 5000; n++)
      context.progress({ activity, status: `${n}`, percent: n < 4000 ? n / 20 : 10 });
    yield { Text: 'measured' };
    await sleep(1); // the object goes out first
    if (Way === 'Fail') throw new FailoverError('DiskFull', 'No room', {});
    if (Way === 'Report') context.error(new FailoverError('DiskFull', 'No room', {}));
    if (Way === 'Wait') await sleep(60_000, undefined, { signal: context.signal });
  },
});

/** Fails in the chosen way after one object. */
const testSampleFault = query({
  kind: 'query',
  verb: 'Test',
  noun: 'SampleFault',
  ...help('Fails.'),
  parameters: {
    Way: {
      type: 'string',
      mandatory: true,
      position: 0,
      choices: ['Refusal', 'Defect', 'Crash', 'Exit', 'Babble'],
      help: 'How.',
    },
  },
  output: text,
  async *run({ Way }) {
    yield { Text: 'before' };
    await sleep(1); // the object goes out first
    switch (Way) {
      case 'Refusal':
        throw new FailoverError('SettingsInvalid', 'Line 7 is wrong', { target: 'failover.json' });
      case 'Defect':
        throw new TypeError('a defect');
      case 'Crash':
        setImmediate(() => {
          throw new TypeError('a crash');
        });
        break;
      case 'Babble':
        // Longer than a pipe is wide: written only where somebody reads it.
        await new Promise((resolve) => process.stderr.write(numberedLines(20_000), resolve));
        process.exit(7);
        break;
      case 'Exit':
        console.error('last words');
        process.exit(7);
    }
    await new Promise(() => undefined);
  },
});

function numberedLines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');
}

interface SamplePlan extends Plan {
  readonly log: string;
}

/** Three steps; apply leaves a line in the log. */
const updateSample = change({
  kind: 'change',
  verb: 'Update',
  noun: 'Sample',
  ...help('Updates.'),
  parameters: { Log: { type: 'path', mandatory: true, help: 'A file.' } },
  output: text,
  confirmImpact: 'High',
  async plan({ Log }): Promise<SamplePlan> {
    const steps = ['a', 'b', 'c'].map((id) => ({ id, target: `site ${id}`, action: `Update ${id}` }));
    return { steps, log: Log };
  },
  async *apply(approved, { log }) {
    await appendFile(log, `apply ${approved.map(({ id }) => id).join(',')}\n`);
    for (const { target } of approved) yield { Text: target };
  },
});

export const sampleCommands: readonly AnyCommand[] = [
  getSampleEcho,
  getSampleNumber,
  measureSample,
  testSampleFault,
  updateSample,
  waitSample,
  writeSample,
];
