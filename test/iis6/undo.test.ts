import assert from 'node:assert/strict';
import type { RecordedChange } from '../../src/history/index.ts';
import { planMetabaseRestore } from '../../src/iis6/restore-plan.ts';
import { revertMetabase } from '../../src/iis6/undo.ts';
import { failure } from '../iis/samples.ts';
import { exportAll, metabaseText, node, parse } from './samples.ts';

const backups = exportAll(
  parse(
    metabaseText(
      [
        {
          id: 5,
          name: 'site1.com',
          server: { ServerBindings: ':85:' },
          root: { AppPoolId: 'shop' },
          nodes: node('IIsWebDirectory', '/LM/W3SVC/{id}/ROOT/new'),
        },
      ],
      { pools: node('IIsApplicationPool', '/LM/W3SVC/AppPools/shop') },
    ),
  ),
);
const own = { id: 2, name: 'own' };
const old = { id: 3, name: 'site1.com', nodes: node('IIsWebDirectory', '/LM/W3SVC/{id}/ROOT/gone') };

function restore(before: string): { after: string; changes: RecordedChange[] } {
  const plan = planMetabaseRestore(parse(before), backups);
  const changes = plan.sites.flatMap((site) =>
    site.changes.map((change) => ({ site: site.name, ...change, owned: { before: false, after: true } })),
  );
  return { after: plan.text(['site1.com']), changes };
}

function undo(before: string, edit: (after: string) => string): string {
  const { after, changes } = restore(before);
  const current = edit(after);
  assert.notEqual(current, after);
  const revisions = { before: Buffer.from(before), after: Buffer.from(after), current: Buffer.from(current) };
  return revertMetabase(revisions, changes, 'MetaBase.xml').content.toString();
}

describe('the undo of a restore into a MetaBase.xml that was changed since', () => {
  const touch = (text: string): string => text.replace('C:\\inetpub\\2', 'D:\\elsewhere');

  it('takes away what was added, and leaves the other change', () => {
    const before = metabaseText([own]);
    assert.equal(undo(before, touch), touch(before));
  });

  it('puts back what was updated and removed, at its place', () => {
    for (const newline of ['\r\n', '\n']) {
      const before = metabaseText([old, own], { newline });
      assert.equal(undo(before, touch), touch(before));
    }
  });

  it('is refused where a node was changed since, or a pool is that of another site by now', () => {
    const before = metabaseText([own]);
    assert.throws(
      () => undo(before, (text) => text.replace('C:\\inetpub\\5', 'D:\\mine')),
      failure('UndoConflict', /the location \/LM\/W3SVC\/5\/root was changed since/),
    );
    assert.throws(
      () => undo(before, (text) => text.replace('AppRoot="/LM/W3SVC/2/ROOT"', '$& AppPoolId="Shop"')),
      failure('UndoConflict', /the application pool shop is that of the site own by now/),
    );
  });
});
