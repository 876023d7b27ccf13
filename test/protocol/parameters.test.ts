import assert from 'node:assert/strict';
import { query, type ParameterDefinition } from '../../src/commands/definition.ts';
import { output } from '../../src/commands/output.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import type { Secret } from '../../src/model/secret.ts';
import { bindParameters } from '../../src/protocol/parameters.ts';
import { TimeSpan } from '../../src/protocol/time-span.ts';

function bind(definition: Omit<ParameterDefinition, 'help'>, value: unknown): unknown {
  const command = query({
    kind: 'query',
    verb: 'Get',
    noun: 'Thing',
    synopsis: '',
    description: [],
    parameters: { Value: { help: '', ...definition } },
    output: output('Thing', {}, []),
    examples: [{ title: '', code: '', explanation: '' }],
    async *run() {},
  });
  return bindParameters(command, new Map([['Value', value]])).Value;
}

describe('bindParameters', () => {
  it('gives each type its form in TypeScript', () => {
    const map = new Map([['a', 1]]);
    const cases: [ParameterDefinition['type'], unknown, unknown][] = [
      ['string', '', ''],
      ['path', '/a', '/a'],
      ['string[]', ['a'], ['a']],
      ['path[]', [], []],
      ['int', -1, -1],
      ['switch', false, false],
      ['hashtable', map, map],
      ['timespan', new TimeSpan(1.5), 1.5],
      ['datetime', new Date(0), new Date(0)],
    ];
    for (const [type, value, bound] of cases) assert.deepEqual(bind({ type }, value), bound, type);
  });

  it('wraps secrets at once', () => {
    const secret = bind({ type: 'securestring' }, 'pass word') as Secret;
    const credential = bind(
      { type: 'credential' },
      new Map([
        ['UserName', 'admin'],
        ['Password', 'pass word'],
      ]),
    ) as { userName: string; password: Secret };
    assert.deepEqual(
      [secret.reveal(), credential.userName, credential.password.reveal()],
      ['pass word', 'admin', 'pass word'],
    );
    assert.doesNotMatch(JSON.stringify([secret, credential]), /pass word/);
  });

  it('gives a choice the spelling of the definition, as ValidateSet takes any case', () => {
    assert.equal(bind({ type: 'string', choices: ['Primary', 'Failover'] }, 'PRIMARY'), 'Primary');
  });

  it('takes null for a parameter that was not given', () => {
    assert.equal(bind({ type: 'string' }, null), undefined);
  });

  const refused: [string, Omit<ParameterDefinition, 'help'>, unknown, RegExp][] = [
    ['a text for a list', { type: 'string[]' }, 's3cret', /Get-Thing: -Value is not a list of texts/],
    ['a list of other things', { type: 'path[]' }, [1], /not a list/],
    ['a number for a text', { type: 'path' }, 1, /not a text/],
    ['half a number', { type: 'int' }, 1.5, /not a whole number/],
    ['a number out of range', { type: 'int', range: [1, 5] }, 6, /not between 1 and 5/],
    ['another choice', { type: 'string', choices: ['A', 'B'] }, 's3cret', /not one of A, B/],
    ['a text for a switch', { type: 'switch' }, 'true', /not true or false/],
    ['an object for a hashtable', { type: 'hashtable' }, {}, /not a hashtable/],
    ['a number for a secret', { type: 'securestring' }, 1, /not a secure string/],
    ['half a credential', { type: 'credential' }, new Map([['Password', 's3cret']]), /not a credential/],
    ['a text for a date', { type: 'datetime' }, '2026-01-01', /not a date and time/],
    ['a number for a time span', { type: 'timespan' }, 5, /not a time span/],
    ['nothing for a mandatory parameter', { type: 'string', mandatory: true }, null, /is missing/],
  ];
  for (const [what, definition, value, message] of refused) {
    it(`refuses ${what}, without the value in the message`, () => {
      assert.throws(
        () => bind(definition, value),
        (error) =>
          error instanceof FailoverError &&
          error.id === 'ParameterInvalid' &&
          message.test(error.message) &&
          !error.message.includes('s3cret'),
      );
    });
  }

  it('refuses a parameter that the command does not have', () => {
    const command = { verb: 'Get', noun: 'Thing', parameters: {} } as never;
    for (const name of ['Other', 'toString', '__proto__'])
      assert.throws(() => bindParameters(command, new Map([[name, 1]])), /is not a parameter/);
  });
});
