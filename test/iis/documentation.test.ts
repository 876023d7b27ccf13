import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { findingCatalog } from '../../src/model/finding.ts';

describe('docs/iis-configuration.md', () => {
  it('names findings with the severity that they have', () => {
    const text = readFileSync(new URL('../../docs/iis-configuration.md', import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| `(\w+)` \| (error|warning|information) \|/gm)];
    assert.ok(rows.length >= 15, `${rows.length} rows`);
    const catalog: Readonly<Record<string, { severity: string }>> = findingCatalog;
    assert.deepEqual(
      rows.map(([, id, severity]) => `${id} ${severity}`),
      rows.map(([, id = '']) => `${id} ${catalog[id]?.severity}`),
    );
  });
});
