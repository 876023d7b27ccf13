import assert from 'node:assert/strict';
import fc from 'fast-check';
import { backupFileName } from '../../src/iis/index.ts';
import { failure } from './samples.ts';

describe('backup file name', () => {
  it('is the name of the site where that is a file name', () => {
    for (const name of ['site1.com', 'Default Web Site', 'caf\u00e9', "it's #1 (new)", 'a.xml'])
      assert.equal(backupFileName(name), `${name}.xml`);
  });

  it('has what Windows does not allow written as a code', () => {
    assert.equal(backupFileName('a*b?c:d'), 'a%2Ab%3Fc%3Ad.xml');
    assert.equal(backupFileName('50% <b>|"'), '50%25 %3Cb%3E%7C%22.xml');
    assert.equal(backupFileName('CON'), '%43ON.xml');
    assert.equal(backupFileName('com1.site'), '%63om1.site.xml');
    assert.equal(backupFileName('nul '), '%6Eul .xml');
    assert.equal(backupFileName('console'), 'console.xml');
    assert.equal(backupFileName('.hidden'), '%2Ehidden.xml');
    assert.equal(backupFileName('..'), '%2E..xml');
  });

  it('is refused for a name that would lead elsewhere, or that no site has', () => {
    assert.throws(
      () => backupFileName('../etc'),
      failure('SiteNameInvalid', 'The site name "../etc" has a path separator'),
    );
    assert.throws(
      () => backupFileName('a\\b'),
      failure('SiteNameInvalid', 'The site name "a\\\\b" has a path separator'),
    );
    assert.throws(
      () => backupFileName('a\nb'),
      failure('SiteNameInvalid', 'The site name "a\\nb" has a control character'),
    );
    assert.throws(() => backupFileName(' '), failure('SiteNameInvalid', 'The site name " " is empty'));
  });

  it('fits into a folder with what is put around it, and stays different, however long the name is', () => {
    const long = 'very-long-'.repeat(30);
    const [one, two] = [backupFileName(`${long}1`), backupFileName(`${long}2`)];
    assert.notEqual(one, two);
    assert.equal(one, backupFileName(`${long}1`));
    assert.ok(Buffer.byteLength(`.${backupFileName('\u4e2d'.repeat(300))}.old.0123456789ab.tmp`) <= 255);
  });

  it('is safe and different for any two sites', () => {
    const name = fc
      .string({
        minLength: 1,
        maxLength: 90,
        unit: fc.constantFrom(...'aA.% *?:"<>|1$comnul\u00b2\u{1F600}'),
      })
      .filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(name, name, (a, b) => {
        const file = backupFileName(a);
        assert.doesNotMatch(file, /[<>:"/\\|?*]|[. ]$|^\.|^(con|prn|aux|nul|com\d|lpt\d) *\./i);
        if (a.toLowerCase() !== b.toLowerCase())
          assert.notEqual(file.toLowerCase(), backupFileName(b).toLowerCase());
      }),
      { numRuns: 2000 },
    );
  });
});
