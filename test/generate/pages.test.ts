import assert from 'node:assert/strict';
import { errorsPage } from '../../build/generate/errors-page.ts';
import { settingsPage } from '../../build/generate/settings-page.ts';
import { errorCatalog } from '../../src/model/error-catalog.ts';
import { findingCatalog } from '../../src/model/finding.ts';

describe('pages generated from the source', () => {
  it('have a row for each error and each finding, in the order of their ids', () => {
    const ids = [...errorsPage().matchAll(/^\| (\w+) \| \w+ \| \S/gm)].map(([, id]) => id);
    const expected = [
      ...Object.keys(errorCatalog).sort(),
      'finding',
      ...Object.keys(findingCatalog).sort(),
    ].filter((id) => id !== 'finding');
    assert.deepEqual(
      ids.filter((id) => id !== 'error' && id !== 'finding'),
      expected,
    );
  });

  it('have a row for each setting with its type and what it does', () => {
    const page = settingsPage();
    assert.match(page, /^\| `servers\[\]\.role` \| "primary" or "failover", required \| primary serves/m);
    assert.match(page, /^\| `dns\.servers\[\]\.port` \| integer \| Default 53\. \|$/m);
    const empty = page.split('\n').filter((line) => /\|\s*\|$/.test(line));
    assert.deepEqual(empty, ['| setting | type | |']);
  });
});
