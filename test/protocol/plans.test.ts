import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { call, changeOf, session, steps } from './session.ts';

const kinds = (replies: readonly unknown[][]): unknown[] =>
  replies.map(([kind, id]) => `${String(kind)} ${String(id)}`);
const approve = (...ids: string[]): Map<string, unknown> => new Map([['Approved', ids]]);

describe('A call that has a plan', () => {
  it('is stopped while it plans, and shows no plan', async () => {
    let release: () => void = () => undefined;
    let stopped = false;
    const command = changeOf(
      async function* () {
        throw new Error('applied');
      },
      async ({ signal }) => {
        await new Promise<void>((resolve) => (release = resolve));
        stopped = signal.aborted;
        return { steps };
      },
    );
    const bench = session(command);
    bench.invoke(1, 'Get-Change');
    await turn();
    bench.send('cancel', 1);
    await turn();
    assert.deepEqual(bench.replies, []); // the call lasts as long as the command does
    release();
    const [, , failure] = await bench.end(1);
    assert.equal((failure as { ErrorId: string }).ErrorId, 'Cancelled');
    assert.deepEqual([stopped, kinds(bench.replies)], [true, ['failed 1']]);
  });

  it('is stopped while it applies, between two steps', async () => {
    const applied: string[] = [];
    let release: () => void = () => undefined;
    const command = changeOf(async function* (approved, { signal }) {
      for (const id of approved) {
        signal.throwIfAborted();
        applied.push(id);
        yield { Number: applied.length };
        await new Promise<void>((resolve) => (release = resolve));
      }
    });
    const bench = session(command);
    bench.invoke(1, 'Get-Change');
    await turn();
    bench.send('apply', 1, approve('a', 'b'));
    await turn();
    bench.send('cancel', 1);
    release();
    await bench.end(1);
    assert.deepEqual(applied, ['a']);
    assert.deepEqual(kinds(bench.replies), ['plan 1', 'output 1', 'failed 1']);
  });

  it('is not applied where it is stopped right after the answer', async () => {
    let applied = false;
    const command = changeOf(async function* () {
      applied = true;
      yield { Number: 1 };
    });
    const bench = session(command);
    bench.invoke(1, 'Get-Change');
    await turn();
    bench.send('apply', 1, approve('a'));
    bench.send('cancel', 1);
    await bench.end(1);
    assert.equal(applied, false);
    assert.deepEqual(kinds(bench.replies), ['plan 1', 'failed 1']);
  });

  it('gets its own answer while other plans wait', async () => {
    const command = changeOf(async function* (approved) {
      for (const id of approved) yield { Number: id.charCodeAt(0) };
    });
    const bench = session(command);
    for (const id of [1, 2, 3]) bench.invoke(id, 'Get-Change');
    await turn();
    bench.send('apply', 2, approve('b'));
    await bench.end(2);
    bench.send('release', 3);
    await bench.end(3);
    bench.send('apply', 1, approve('a'));
    await bench.end(1);
    const after = bench.replies.slice(3).map(([kind, id, object]) => [kind, id, { ...(object as object) }]);
    assert.deepEqual(after, [
      ['output', 2, { Number: 98 }],
      ['done', 2, {}],
      ['done', 3, {}],
      ['output', 1, { Number: 97 }],
      ['done', 1, {}],
    ]);
  });

  it('is decided once', async () => {
    const applied: (readonly string[])[] = [];
    const command = changeOf(async function* (approved) {
      applied.push(approved);
      await turn();
      yield { Number: 1 };
    });
    const bench = session(command);
    bench.invoke(1, 'Get-Change');
    await turn();
    bench.send('apply', 1, approve('a'));
    bench.send('apply', 1, approve('b'));
    bench.send('release', 1);
    await bench.end(1);
    assert.deepEqual(applied, [['a']]);
    assert.deepEqual(kinds(bench.replies), ['plan 1', 'output 1', 'done 1']);
  });

  it('that has a shadow is applied under -WhatIf with no step, and knows that it is', async () => {
    const seen: unknown[] = [];
    const command = changeOf(
      async function* (approved, { whatIf }) {
        seen.push(approved, whatIf);
        yield { Number: 1 };
      },
      async ({ whatIf }) => ({ steps, shadow: whatIf }),
    );
    const bench = session(command);
    bench.send('invoke', 1, call('Get-Change').set('WhatIf', true));
    await turn();
    assert.equal((bench.replies[0]?.[2] as { Shadow: boolean }).Shadow, true);
    bench.send('apply', 1, approve());
    await bench.end(1);
    assert.deepEqual(seen, [[], true]);
  });

  for (const end of ['apply', 'release', 'cancel'])
    it(`gives back what it has taken when it ends by ${end}`, async () => {
      let released = 0;
      const command = changeOf(
        async function* () {
          yield { Number: 1 };
        },
        async () => ({ steps, release: async () => void (released += 1) }),
      );
      const bench = session(command);
      bench.invoke(1, 'Get-Change');
      await turn();
      bench.send(end, 1, end === 'apply' ? approve('a') : undefined);
      await bench.end(1);
      assert.equal(released, 1);
    });
});
