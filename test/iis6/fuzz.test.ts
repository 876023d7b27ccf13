import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseConfiguration, planRestore } from '../../src/iis/index.ts';
import { exportMetabaseSite } from '../../src/iis6/export.ts';
import { type Metabase, parseMetabase } from '../../src/iis6/metabase.ts';
import { planMetabaseRestore } from '../../src/iis6/restore-plan.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import { corpus } from '../iis/samples.ts';
import { exportOptions, metabaseText, node, real } from './samples.ts';

const sample = metabaseText(
  [
    {
      id: 1,
      name: 'site1.com',
      server: {
        ServerBindings: ':80:\n\t\t\t10.1.1.1:80:a',
        SecureBindings: ':443:',
        HttpErrors: '404,*,FILE,C:\\x',
      },
      root: { HttpRedirect: '*;a;b, PERMANENT', UNCPassword: '49634462aa', UNCUserName: 'x' },
      nodes: node('IIsWebDirectory', '/LM/W3SVC/{id}/ROOT/a', { AppRoot: '/LM/W3SVC/{id}/ROOT/a' }),
    },
    { id: 2, name: 'site2.com', server: { ServerBindings: ':82:' } },
  ],
  { pools: node('IIsApplicationPool', '/LM/W3SVC/AppPools/p') },
);
const sources = [sample, real.toString('utf8')];
const target = metabaseText([{ id: 1, name: 'standby' }]);
const iis7 = corpus.find(({ name }) => name.startsWith('carbon'))!.bytes;

/** Texts that a metabase may hold anywhere: its own words, markup, and what none should. */
const pieces = [
  ...[
    '/LM/W3SVC/1',
    '/LM/W3SVC/2/ROOT',
    'Location ="',
    'AppRoot="',
    '49634462',
    '[failover:secret:1]',
    'SECURE',
  ],
  ...['<Custom Name="a" ID="1" Value="b" />', '<IIsWebServer Location ="/LM/W3SVC/7" ServerComment="n"/>'],
  ...[
    '"',
    "'",
    '<',
    '>',
    '/>',
    '&',
    '&#0;',
    '&#9;',
    '<!--',
    '-->',
    ']]>',
    '\u0000',
    '\uFEFF',
    '😀',
    '\r\n\t\t\t',
    ':',
    ',',
  ],
];
const edit = fc.record({
  at: fc.nat(),
  remove: fc.oneof(
    { weight: 3, arbitrary: fc.nat({ max: 3 }) },
    { weight: 1, arbitrary: fc.nat({ max: 2000 }) },
  ),
  insert: fc.oneof(fc.constantFrom('', ...pieces), fc.string({ maxLength: 4, unit: 'grapheme' })),
});
const mutated = fc.record({
  text: fc.constantFrom(...sources),
  edits: fc.array(edit, { minLength: 1, maxLength: 4 }),
});

interface Mutation {
  readonly text: string;
  readonly edits: readonly { readonly at: number; readonly remove: number; readonly insert: string }[];
}

function mutate({ text, edits }: Mutation): string {
  return edits.reduce<string>((before, { at, remove, insert }) => {
    const start = at % before.length;
    return before.slice(0, start) + insert + before.slice(start + remove);
  }, text);
}

/** Either a failure that is ours, or what `use` gives. */
function ours<Result>(use: () => Result): Result | undefined {
  try {
    return use();
  } catch (error) {
    assert.ok(error instanceof FailoverError, String(error instanceof Error ? error.stack : error));
    assert.notEqual(error.id, 'Internal', error.message);
    return undefined;
  }
}

const numRuns = Number(process.env.FUZZ_RUNS ?? 400);

describe('a damaged MetaBase.xml', function () {
  this.timeout(600_000);

  it('is refused, or its sites are restored whole and nothing else changes', () => {
    fc.assert(
      fc.property(mutated, (case_) => {
        const metabase = ours(() => parseMetabase(Buffer.from(mutate(case_)), 'MetaBase.xml'));
        if (metabase === undefined) return;
        for (const site of metabase.sites) {
          const backup = ours(() => exportMetabaseSite(metabase, site, exportOptions));
          if (backup === undefined) continue;
          assert.doesNotMatch(backup.site, /="[^"]*49634462[0-9a-f]{4}/);
          const into = parseMetabase(Buffer.from(target), 'standby.xml');
          const plan = ours(() => planMetabaseRestore(into, [backup]));
          if (plan === undefined) continue;
          const text = plan.text([backup.name]);
          const after = parseMetabase(Buffer.from(text), 'standby.xml');
          assertKept(into, after);
          const again = planMetabaseRestore(after, [backup]);
          assert.equal(again.sites[0]?.changes.length, 0);
        }
      }),
      { numRuns, ...(process.env.FUZZ_SEED && { seed: Number(process.env.FUZZ_SEED) }) },
    );
  });

  it('is refused, or its sites are translated into a file that reads, and once', () => {
    const into = parseConfiguration(iis7, 'applicationHost.config');
    fc.assert(
      fc.property(mutated, (case_) => {
        const metabase = ours(() => parseMetabase(Buffer.from(mutate(case_)), 'MetaBase.xml'));
        if (metabase === undefined) return;
        for (const site of metabase.sites) {
          const backup = ours(() => exportMetabaseSite(metabase, site, exportOptions));
          if (backup === undefined) continue;
          const plan = ours(() => planRestore(into, [backup]));
          if (plan === undefined) continue;
          const names = plan.sites.map(({ name }) => name);
          const after = parseConfiguration(Buffer.from(plan.text(names)), 'applicationHost.config');
          const again = planRestore(after, [backup]);
          assert.equal(again.sites[0]?.changes.length, 0);
        }
      }),
      {
        numRuns: Math.ceil(numRuns / 4),
        ...(process.env.FUZZ_SEED && { seed: Number(process.env.FUZZ_SEED) }),
      },
    );
  });
});

/** All nodes of the target are as they were. */
function assertKept(before: Metabase, after: Metabase): void {
  for (const [key, { element }] of before.nodes) {
    const node = after.nodes.get(key);
    assert.ok(node, key);
    assert.equal(after.document.slice(node.element), before.document.slice(element));
  }
}
