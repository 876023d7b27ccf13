import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { errorCatalog } from '../../src/model/error-catalog.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import { call, changeOf, queryOf, session, steps } from './session.ts';

const failure = (reply: unknown[]): unknown => (reply[2] as { ErrorId: string }).ErrorId;
const number1 = { Number: 1 };

describe('The dispatcher', () => {
  it('says hello with protocol, versions and process id', () => {
    const { dispatcher, replies } = session();
    dispatcher.hello();
    const { NodeVersion, ...rest } = replies[0]![2] as Record<string, unknown>;
    assert.deepEqual(replies[0]!.slice(0, 2), ['hello', 0]);
    assert.equal(NodeVersion, process.versions.node);
    assert.deepEqual({ ...rest }, { Protocol: 1, Version: '1.2.3', ProcessId: process.pid });
  });

  it('writes every stream in the order of the command', async () => {
    const talk = queryOf('Talk', async function* (context) {
      context.verbose('v');
      yield number1;
      yield { Number: 2 };
      context.warning('w');
      context.progress({ activity: 'a', status: 's' });
      context.progress({ activity: 'a', status: 's', percent: 5, secondsRemaining: 6, completed: true });
      context.error(new FailoverError('DiskFull', 'no room', { target: 'D:' }));
      yield { Number: 3 };
    });
    const { invoke, end, replies } = session(talk);
    invoke(1, 'Get-Talk');
    await end(1);
    const plain = JSON.parse(JSON.stringify(replies)) as unknown[][];
    assert.deepEqual(plain, [
      ['verbose', 1, 'v'],
      ['output', 1, { Number: 1 }, { Number: 2 }],
      ['warning', 1, 'w'],
      ['progress', 1, { Activity: 'a', Status: 's', Percent: -1, SecondsRemaining: -1, Completed: false }],
      ['progress', 1, { Activity: 'a', Status: 's', Percent: 5, SecondsRemaining: 6, Completed: true }],
      [
        'error',
        1,
        {
          Message: 'no room',
          ErrorId: 'DiskFull',
          Category: 'WriteError',
          Target: 'D:',
          Remedy: errorCatalog.DiskFull.remedy,
        },
      ],
      ['output', 1, { Number: 3 }],
      ['done', 1],
    ]);
  });

  it('sends objects as they arrive, and many at once together', async () => {
    let release: () => void = () => undefined;
    const count = queryOf('Count', async function* () {
      for (let n = 0; n < 130; n++) yield { Number: n };
      await new Promise<void>((resolve) => (release = resolve));
    });
    const bench = session(count);
    bench.invoke(1, 'Get-Count');
    for (let n = 0; n < 5; n++) await turn();
    assert.deepEqual(
      bench.replies.map((reply) => reply.length - 2),
      [64, 64, 2],
    );
    release();
    await bench.end(1);
  });

  it('holds a command back while PowerShell takes nothing', async () => {
    let made = 0;
    let release: () => void = () => undefined;
    const count = queryOf('Count', async function* () {
      for (; made < 500; made++) yield { Number: made };
    });
    const bench = session(count);
    bench.block(new Promise((resolve) => (release = resolve)));
    bench.invoke(1, 'Get-Count');
    for (let n = 0; n < 20; n++) await turn();
    assert.equal(made, 63);
    bench.block(Promise.resolve());
    release();
    await bench.end(1);
    assert.equal(made, 500);
  });

  it('runs calls side by side', async () => {
    let release: () => void = () => undefined;
    const slow = queryOf('Slow', async function* () {
      await new Promise<void>((resolve) => (release = resolve));
      yield number1;
    });
    const fast = queryOf('Fast', async function* () {
      yield { Number: 2 };
    });
    const bench = session(slow, fast);
    bench.invoke(1, 'Get-Slow');
    bench.invoke(2, 'Get-Fast');
    await bench.end(2);
    release();
    await bench.end(1);
    assert.deepEqual(
      bench.replies.map(([kind, id]) => `${String(kind)} ${String(id)}`),
      ['output 2', 'done 2', 'output 1', 'done 1'],
    );
  });

  it('shows a plan and applies the approved steps', async () => {
    const bench = session(
      changeOf(async function* (approved) {
        yield { Number: approved.length };
      }),
    );
    bench.invoke(1, 'Get-Change');
    await turn();
    const shown = steps.map(({ id, target, action }) => ({ Id: id, Target: target, Action: action }));
    assert.deepEqual(JSON.parse(JSON.stringify(bench.replies)), [
      ['plan', 1, { Steps: shown, Shadow: false }],
    ]);
    bench.send('apply', 1, new Map([['Approved', ['b', 'unknown']]]));
    await bench.end(1);
    assert.deepEqual(JSON.parse(JSON.stringify(bench.replies.slice(1))), [
      ['output', 1, number1],
      ['done', 1],
    ]);
  });

  for (const [event, payload, kind] of [
    ['release', undefined, 'done'],
    ['cancel', undefined, 'failed'],
    ['apply', 'no table', 'failed'],
    ['apply', new Map([['Approved', 'a']]), 'failed'],
  ] as const) {
    it(`drops the plan on ${event} ${JSON.stringify(payload) ?? ''}`, async () => {
      let applied = false;
      const bench = session(
        changeOf(async function* () {
          applied = true;
          yield number1;
        }),
      );
      bench.invoke(1, 'Get-Change');
      await turn();
      bench.send(event, 1, payload);
      assert.equal((await bench.end(1))[0], kind);
      assert.equal(applied, false);
    });
  }

  it('ends a cancelled call when the command has ended', async () => {
    let closed = false;
    const wait = queryOf('Wait', async function* ({ signal }) {
      try {
        yield number1;
        await new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('aborted'))),
        );
      } finally {
        await turn();
        closed = true;
      }
    });
    const bench = session(wait);
    bench.invoke(1, 'Get-Wait');
    for (let n = 0; n < 3; n++) await turn();
    bench.send('cancel', 1);
    assert.equal(failure(await bench.end(1)), 'Cancelled');
    assert.equal(closed, true);
  });

  it('stops a command that does not look at the signal at its next object', async () => {
    const deaf = queryOf('Deaf', async function* () {
      for (let n = 0; ; n++) {
        yield { Number: n };
        await turn();
      }
    });
    const bench = session(deaf);
    bench.invoke(1, 'Get-Deaf');
    await turn();
    bench.dispatcher.cancelAll();
    assert.equal(failure(await bench.end(1)), 'Cancelled');
  });

  it('ends a running call whose id is used for another, which is not run', async () => {
    let quick = false;
    let closed = false;
    const wait = queryOf('Wait', async function* ({ signal }) {
      try {
        await new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('aborted'))),
        );
        yield number1;
      } finally {
        closed = true;
      }
    });
    const other = queryOf('Quick', async function* () {
      quick = true;
    });
    const bench = session(wait, other);
    bench.invoke(1, 'Get-Wait');
    await turn();
    bench.invoke(1, 'Get-Quick');
    assert.equal(failure(await bench.end(1)), 'ProtocolViolation');
    assert.deepEqual([quick, closed, bench.replies.length], [false, true, 1]);
  });

  it('ignores what comes for a call that has ended', async () => {
    const bench = session(queryOf('Quick', async function* () {}));
    bench.invoke(1, 'Get-Quick');
    await bench.end(1);
    for (const kind of ['cancel', 'release']) bench.send(kind, 1);
    bench.send('apply', 1, new Map([['Approved', []]]));
    await turn();
    assert.deepEqual([bench.replies, bench.complaints], [[['done', 1]], []]);
  });

  const failures: [string, string, unknown, string][] = [
    ['an unknown command', 'invoke', call('Get-Nothing'), 'CommandUnknown'],
    ['an unknown parameter', 'invoke', call('Get-Bad', [['Other', 1]]), 'ParameterInvalid'],
    ['a parameter of the wrong type', 'invoke', call('Get-Bad', [['Path', 1]]), 'ParameterInvalid'],
    ['no parameters', 'invoke', new Map([['Command', 'Get-Bad']]), 'ProtocolViolation'],
    ['no table', 'invoke', 'text', 'ProtocolViolation'],
    ['an unknown kind of message', 'reverse', undefined, 'ProtocolViolation'],
    ['a defect of a command', 'invoke', call('Get-Bad'), 'Internal'],
    ['an object that does not fit its type', 'invoke', call('Get-Half'), 'Internal'],
  ];
  for (const [what, kind, payload, id] of failures) {
    it(`answers ${what} with failed ${id}`, async () => {
      const bad = queryOf('Bad', async function* () {
        await turn();
        throw new TypeError('a defect');
      });
      const half = queryOf('Half', async function* () {
        yield { Number: 0.5 };
      });
      const bench = session(bad, half);
      bench.send(kind, 1, payload);
      assert.equal(failure(await bench.end(1)), id);
    });
  }

  it('never quotes what it cannot read, which may hold a password', async () => {
    const bench = session(queryOf('Quick', async function* () {}));
    const payloads = ['<Objs><S>s3cret</S', '<Objs>&s3cret;</Objs>', '<Objs><s3cret /></Objs>', 's3cret'];
    for (const [id, payload] of payloads.entries()) bench.dispatcher.receive(`\u001einvoke ${id} ${payload}`);
    bench.dispatcher.receive('\u001einvoke s3cret');
    bench.dispatcher.receive('\u001einvoke 1 s3cret\u001e');
    assert.deepEqual(bench.replies.map(failure), Array(payloads.length).fill('ProtocolViolation'));
    assert.equal(bench.complaints.length, 2);
    assert.doesNotMatch(JSON.stringify([bench.replies, bench.complaints]), /s3cret/);
  });

  it('complains about a message without form, and goes on', async () => {
    const bench = session(queryOf('Quick', async function* () {}));
    bench.dispatcher.receive('a stray line');
    bench.dispatcher.receive('\u001e???');
    bench.invoke(1, 'Get-Quick');
    await bench.end(1);
    assert.deepEqual(bench.complaints, ['A message has no known form']);
  });

  it('takes the settings file from the parameter, then from the environment of the session', async () => {
    const found: unknown[] = [];
    const command = queryOf('File', async function* (context) {
      found.push(context.settingsFile.path);
      found.push(await context.settingsIfPresent());
    });
    const bench = session(command);
    const payload = call('Get-File');
    payload.set('ProgramData', '/nowhere/data');
    bench.send('invoke', 1, payload);
    await bench.end(1);
    payload.set('SettingsEnvironment', '/nowhere/environment.json');
    bench.send('invoke', 2, payload);
    const environment = failure(await bench.end(2));
    payload.set('Parameters', new Map([['SettingsPath', '/nowhere/parameter.json']]));
    bench.send('invoke', 3, payload);
    const parameter = failure(await bench.end(3));
    const paths = [
      '/nowhere/data/IisFailover/failover.json',
      '/nowhere/environment.json',
      '/nowhere/parameter.json',
    ];
    assert.deepEqual(found, [paths[0], undefined, paths[1], paths[2]]); // only a named file must exist
    assert.deepEqual([environment, parameter], ['SettingsNotFound', 'SettingsNotFound']);
  });
});
