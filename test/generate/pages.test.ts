import assert from 'node:assert/strict';
import { errorsPage } from '../../build/generate/errors-page.ts';
import { settingsPage } from '../../build/generate/settings-page.ts';
import { errorCatalog } from '../../src/model/error-catalog.ts';
import { findingCatalog } from '../../src/model/finding.ts';
import { formsOf, type MessageCatalog } from '../../src/model/message.ts';

describe('pages generated from the source', () => {
  it('have a section for each error and each finding with all its texts, in the order of their ids', () => {
    const page = errorsPage();
    const sections = [...page.matchAll(/^### (\w+)\n\n((?:- .+\n)+)\n\*\*\w+\.\*\* \S/gm)];
    const texts = sections.map(([, id, list = '']) => [id, list.trim().split('\n').length]);
    const catalogs: MessageCatalog[] = [errorCatalog, findingCatalog];
    const expected = catalogs.flatMap((catalog) =>
      Object.entries(catalog)
        .map(([id, { message }]) => [id, formsOf(message).length])
        .sort(),
    );
    assert.deepEqual(texts, expected);
    assert.match(page, /^### SiteNotFound\n\n- \{path\} has no site named \{name\}\n/m);
  });

  it('have a row for each setting with its type and what it does', () => {
    const page = settingsPage();
    assert.match(page, /^\| `servers\[\]\.role` \| "primary" or "failover", required \| primary serves/m);
    assert.match(page, /^\| `dns\.servers\[\]\.port` \| integer \| Default 53\. \|$/m);
    const empty = page.split('\n').filter((line) => /\|\s*\|$/.test(line));
    assert.deepEqual(empty, ['| setting | type | |']);
  });
});
