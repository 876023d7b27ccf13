import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hasWildcard, selectByName, wildcardPattern } from '../../src/commands/support/wildcard.ts';

const sites = ['site1.com', 'site2.com', 'Site[1]', 'other'];

function select(...patterns: string[]): { names: string[]; errors: string[] } {
  const errors: string[] = [];
  const names = selectByName(
    patterns,
    sites,
    (name) => name,
    'the list',
    (error) => errors.push(`${error.id} ${error.message}`),
  );
  return { names, errors };
}

describe('names with wildcards', () => {
  it('match as PowerShell matches them, without regard to case', () => {
    assert.deepEqual(select('SITE?.com').names, ['site1.com', 'site2.com']);
    assert.deepEqual(select('*[2-9].com').names, ['site2.com']);
    assert.deepEqual(select('site`[1`]').names, ['Site[1]']);
    assert.deepEqual(select('*.com', 'site1*').names, ['site1.com', 'site2.com']);
  });

  it('are silent where they match nothing; a plain name is an error, and the others go on', () => {
    assert.deepEqual(select('nothing*'), { names: [], errors: [] });
    assert.deepEqual(select('missing', 'other'), {
      names: ['other'],
      errors: ['SiteNotFound There is no site missing in the list'],
    });
  });

  it('find a site whose name looks like a pattern by that very name', () => {
    assert.deepEqual(select('site[1]').names, ['Site[1]']);
  });

  it('take any text for a pattern, and an escaped one for itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const escaped = name.replace(/[`*?[\]]/g, '`$&');
        return (
          wildcardPattern(escaped).test(name) &&
          wildcardPattern(name) instanceof RegExp &&
          !hasWildcard(escaped.replace(/`./g, ''))
        );
      }),
    );
  });
});
