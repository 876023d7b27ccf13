import assert from 'node:assert/strict';
import fc from 'fast-check';
import { appendSegments, mapPath, parsePath } from '../../src/model/path-map.ts';

const map = (...pairs: [string, string][]): Map<string, string> => new Map(pairs);

describe('mapPath', () => {
  const cases: [string, Map<string, string>, string | undefined][] = [
    ['C:\\web\\site1', map(['C:\\web', 'D:\\web']), 'D:\\web\\site1'],
    ['C:\\web\\site1\\', map(['C:\\web', 'D:\\web']), 'D:\\web\\site1\\'],
    ['c:\\WEB\\Site1', map(['C:\\web\\', 'D:\\Sites\\']), 'D:\\Sites\\Site1'],
    ['C:/web/site1/img', map(['C:\\web\\site1', 'E:\\s1']), 'E:\\s1\\img'],
    ['C:\\web', map(['C:\\web\\', 'D:\\web\\']), 'D:\\web'],
    ['C:\\website', map(['C:\\web', 'D:\\web']), undefined],
    ['C:\\web\\x', map(['C:', 'D:']), 'D:\\web\\x'],
    ['C:\\', map(['C:\\', 'D:\\']), 'D:\\'],
    ['C:\\web\\x', map(['C:\\web', '/mnt/standby/web']), '/mnt/standby/web/x'],
    ['C:\\web\\x', map(['C:\\', '/']), '/web/x'],
    ['\\\\server\\share\\a\\b', map(['\\\\SERVER\\share', 'D:\\share']), 'D:\\share\\a\\b'],
    ['\\\\server\\share2\\a', map(['\\\\server\\share', 'D:\\share']), undefined],
    [
      '%SystemDrive%\\inetpub\\wwwroot',
      map(['%systemdrive%\\inetpub', 'D:\\inetpub']),
      'D:\\inetpub\\wwwroot',
    ],
    ['/srv/www/site1', map(['/srv/www', '/mnt/www']), '/mnt/www/site1'],
    ['/srv/WWW/site1', map(['/srv/www', '/mnt/www']), undefined],
    ['/srv/a\\b/c', map(['/srv', 'D:\\srv']), 'D:\\srv\\a\\b\\c'],
    ['/srv/a\\b', map(['/srv/a', '/x']), undefined],
    ['/srv', map(['/', '/mnt/']), '/mnt/srv'],
    ['C:\\web', map(['', 'D:\\']), undefined],
    ['C:\\web', map(), undefined],
  ];
  for (const [path, prefixes, expected] of cases) {
    it(`maps ${path} by ${JSON.stringify([...prefixes])} to ${expected ?? 'nothing'}`, () => {
      assert.equal(mapPath(path, prefixes), expected);
    });
  }

  it('takes the longest prefix, whatever the order', () => {
    const general: [string, string] = ['C:\\web', 'D:\\web'];
    const special: [string, string] = ['C:\\web\\site1', 'E:\\one'];
    assert.equal(mapPath('C:\\web\\site1\\a', map(general, special)), 'E:\\one\\a');
    assert.equal(mapPath('C:\\web\\site1\\a', map(special, general)), 'E:\\one\\a');
    assert.equal(mapPath('C:\\web\\site2\\a', map(special, general)), 'D:\\web\\site2\\a');
  });

  it('maps back to where it came from by the inverse map', () => {
    const segment = fc.stringMatching(/^[A-Za-z0-9._ -]*[A-Za-z0-9]$/);
    fc.assert(
      fc.property(fc.array(segment), fc.boolean(), (segments, trailing) => {
        const path = appendSegments('C:\\web', segments, trailing);
        const mapped = mapPath(path, map(['C:\\web', '/mnt/x']));
        assert.ok(mapped !== undefined);
        assert.equal(mapPath(mapped, map(['/mnt/x', 'c:\\WEB'])), path.replace('C:\\web', 'c:\\WEB'));
      }),
    );
  });
});

describe('parsePath', () => {
  it('tells Windows from POSIX paths and keeps the root', () => {
    assert.deepEqual(parsePath('C:\\web\\\\x/'), {
      windows: true,
      root: '',
      segments: ['C:', 'web', 'x'],
      trailing: true,
    });
    assert.deepEqual(parsePath('\\\\server\\share'), {
      windows: true,
      root: '\\\\',
      segments: ['server', 'share'],
      trailing: false,
    });
    assert.deepEqual(parsePath('/srv/a\\'), {
      windows: false,
      root: '/',
      segments: ['srv', 'a\\'],
      trailing: false,
    });
  });
});
