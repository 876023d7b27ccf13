import assert from 'node:assert/strict';
import fc from 'fast-check';
import { behindSite, isWithin, locationKey, siteKey, withSiteId } from '../../src/iis6/location.ts';
import { formatMultiSz, multiSz } from '../../src/iis6/multi-sz.ts';

const segment = fc.stringMatching(/^[A-Za-z0-9 ._-]{1,8}$/);
const siteId = fc.integer({ min: 1, max: 0xffff_ffff });
/** An entry of a MULTISZ: no line ends, which separate entries, and no white space that starts it. */
const entry = fc.stringMatching(/^[^\s\0-\x1f\ud800-\udfff][^\r\n\0-\x08\x0b-\x1f\ud800-\udfff]{0,20}$/);

describe('the values of a metabase', () => {
  it('gives back the entries of a MULTISZ that it wrote, spaces and markup in them included', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 6 }), (entries) => {
        assert.deepEqual(multiSz(formatMultiSz(entries)), entries);
      }),
    );
  });

  it('reads a MULTISZ from the raw text, in which line ends and tabs separate', () => {
    assert.deepEqual(multiSz('404,*,FILE,C:\\my files\\404.htm\r\n\t\t\t500,100,URL,/a &amp; b.asp'), [
      '404,*,FILE,C:\\my files\\404.htm',
      '500,100,URL,/a & b.asp',
    ]);
    assert.deepEqual(multiSz(''), []);
  });

  it('compares Locations without regard to case, doubled and trailing slashes', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
        const key = locationKey(`/${segments.join('/')}`);
        assert.equal(locationKey(`/${segments.join('//').toUpperCase()}/`), key);
        assert.equal(locationKey(key), key);
      }),
    );
    assert.equal(locationKey('/lm/w3svc/1/root'), locationKey('/LM/W3SVC/1/ROOT'));
    assert.ok(!isWithin(locationKey('/LM/W3SVC/10/ROOT'), siteKey(1)));
  });

  it('changes the id of a site, and changing it back gives the same value', () => {
    fc.assert(
      fc.property(siteId, siteId, fc.array(segment, { maxLength: 3 }), (from, to, below) => {
        const value = ['', 'LM', 'W3SVC', from, 'ROOT', ...below].join('/');
        const changed = withSiteId(value, from, to);
        assert.equal(behindSite(changed, to), behindSite(value, from));
        assert.equal(withSiteId(changed, to, from), value);
      }),
    );
  });

  it('changes no other id, and nothing that only looks like one', () => {
    for (const value of [
      '/LM/W3SVC/10/ROOT',
      '/LM/W3SVC/AppPools/1',
      '/W3SVC/1.htm',
      'C:\\LM\\W3SVC\\1',
      'xLM/W3SVC/1',
    ])
      assert.equal(withSiteId(value, 1, 7), value);
    assert.equal(withSiteId('IIS://localhost/W3SVC/1/ROOT', 1, 7), 'IIS://localhost/W3SVC/7/ROOT');
    assert.equal(withSiteId('/lm/w3svc/1', 1, 7), '/lm/w3svc/7');
  });
});
