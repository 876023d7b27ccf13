import assert from 'node:assert/strict';
import { type ContentLocationOptions, locateContent } from '../../src/content/destination.ts';
import { systemVariables } from '../../src/model/path-variables.ts';

const windows: ContentLocationOptions = { platform: 'win32', variables: new Map([['SYSTEMDRIVE', 'C:']]) };
const posix: ContentLocationOptions = { platform: 'linux', variables: systemVariables('linux') };
const map = (...pairs: [string, string][]): Map<string, string> => new Map(pairs);

describe('locateContent', () => {
  const cases: [string, string, ContentLocationOptions, string, string][] = [
    [
      "the paper's example: the structure under another drive",
      'c:\\web\\hosting\\site1\\',
      { ...windows, contentServer: 'primary.example', destinationDrive: 'D:' },
      '\\\\primary.example\\c$\\web\\hosting\\site1',
      'D:\\web\\hosting\\site1',
    ],
    [
      'the same path where no destination is given',
      '%SystemDrive%\\inetpub\\wwwroot',
      { ...windows, contentServer: '10.1.1.1' },
      '\\\\10.1.1.1\\C$\\inetpub\\wwwroot',
      'C:\\inetpub\\wwwroot',
    ],
    [
      'a server written as \\\\HOST',
      'C:\\web',
      { ...windows, contentServer: '\\\\PRIMARY' },
      '\\\\PRIMARY\\C$\\web',
      'C:\\web',
    ],
    [
      'a server with an IPv6 address',
      'C:\\web',
      { ...windows, contentServer: '2001:db8::1' },
      '\\\\2001-db8--1.ipv6-literal.net\\C$\\web',
      'C:\\web',
    ],
    [
      'a share, which stays where it is and goes under the drive with its name',
      '\\\\files\\www\\site1',
      { ...windows, contentServer: 'primary', destinationDrive: 'D:\\' },
      '\\\\files\\www\\site1',
      'D:\\www\\site1',
    ],
    [
      'an administrative share, whose drive is no folder',
      '\\\\files\\e$\\site1',
      { ...windows, destinationDrive: 'D:\\standby' },
      '\\\\files\\e$\\site1',
      'D:\\standby\\site1',
    ],
    [
      'a drive root',
      'E:\\',
      { ...windows, contentServer: 'primary', destinationDrive: 'F:' },
      '\\\\primary\\E$',
      'F:\\',
    ],
    [
      'mounted administrative shares, spelt in lower case',
      'C:\\web\\site1',
      {
        ...posix,
        contentServer: '/mnt/primary',
        serverFolders: ['c$', 'd$'],
        destinationDrive: '/mnt/standby/',
      },
      '/mnt/primary/c$/web/site1',
      '/mnt/standby/web/site1',
    ],
    [
      'mounted drives without dollar sign',
      'c:\\web\\site1',
      { ...posix, contentServer: '/mnt/primary', serverFolders: ['C'], destinationDrive: '/mnt/standby' },
      '/mnt/primary/C/web/site1',
      '/mnt/standby/web/site1',
    ],
    [
      'a share below the content server folder',
      '\\\\files\\www\\site1',
      { ...posix, contentServer: '/mnt/primary', destinationDrive: '/mnt/standby' },
      '/mnt/primary/www/site1',
      '/mnt/standby/www/site1',
    ],
    [
      'a POSIX path below the content server folder',
      '/srv/site1/',
      { ...posix, contentServer: '/mnt/primary', destinationDrive: '/mnt/standby' },
      '/mnt/primary/srv/site1',
      '/mnt/standby/srv/site1',
    ],
    [
      'a POSIX path without content server',
      '/srv/site1',
      { ...posix, destinationDrive: '/mnt/standby' },
      '/srv/site1',
      '/mnt/standby/srv/site1',
    ],
    [
      'the path map before the destination drive, as written in the configuration',
      '%SystemDrive%\\web\\site1',
      {
        ...windows,
        contentServer: 'p',
        destinationDrive: 'D:',
        pathMap: map(['%systemdrive%\\web', 'E:\\sites']),
      },
      '\\\\p\\C$\\web\\site1',
      'E:\\sites\\site1',
    ],
    [
      'the path map with the variable expanded on either side',
      '%SystemDrive%\\web\\site1',
      { ...windows, contentServer: 'p', pathMap: map(['C:\\web', '%SystemDrive%\\standby']) },
      '\\\\p\\C$\\web\\site1',
      'C:\\standby\\site1',
    ],
    [
      'the destination drive where the path map has nothing',
      'C:\\other',
      { ...windows, contentServer: 'p', destinationDrive: 'D:', pathMap: map(['C:\\web', 'E:\\web']) },
      '\\\\p\\C$\\other',
      'D:\\other',
    ],
    [
      'a neighbour with a longer name',
      'C:\\web',
      { ...windows, pathMap: map(['C:\\web', 'C:\\web2']) },
      'C:\\web',
      'C:\\web2',
    ],
  ];
  for (const [what, root, options, source, destination] of cases)
    it(`places ${what}`, () => {
      assert.deepEqual(locateContent(root, options), { source, destination });
    });

  const refused: [string, string, ContentLocationOptions, string][] = [
    ['a relative path', 'web\\site1', windows, 'ContentRootInvalid'],
    ['a path relative to a drive', 'C:web', windows, 'ContentRootInvalid'],
    ['a path relative to the current drive', '\\web', windows, 'ContentRootInvalid'],
    [
      'a path that climbs',
      'C:\\web\\..\\windows',
      { ...windows, destinationDrive: 'D:' },
      'ContentRootInvalid',
    ],
    ['a device path', '\\\\?\\C:\\web', { ...windows, destinationDrive: 'D:' }, 'ContentRootInvalid'],
    ['a server without share', '\\\\files', { ...windows, destinationDrive: 'D:' }, 'ContentRootInvalid'],
    ['an unknown variable', '%CONTENT%\\site1', windows, 'PathVariableUnknown'],
    ['a destination equal to the source', 'C:\\web', windows, 'ContentDestinationInvalid'],
    [
      'the same in other letters',
      'C:\\web',
      { ...windows, pathMap: map(['C:', 'c:']) },
      'ContentDestinationInvalid',
    ],
    [
      'a destination inside the source',
      '/srv',
      { ...posix, destinationDrive: '/srv/standby' },
      'ContentDestinationInvalid',
    ],
    [
      'a relative destination',
      '/srv',
      { ...posix, destinationDrive: 'standby/x' },
      'ContentDestinationInvalid',
    ],
    [
      'a Windows destination elsewhere',
      '/srv',
      { ...posix, destinationDrive: 'D:' },
      'ContentDestinationInvalid',
    ],
    ['a Windows source elsewhere', 'C:\\web', { ...posix, destinationDrive: '/mnt' }, 'ContentServerInvalid'],
    [
      'shares of a host elsewhere',
      'C:\\web',
      { ...posix, contentServer: 'primary', destinationDrive: '/mnt' },
      'ContentServerInvalid',
    ],
    [
      'a POSIX path on a host',
      '/srv',
      { ...posix, contentServer: 'primary', destinationDrive: '/mnt' },
      'ContentServerInvalid',
    ],
  ];
  for (const [what, root, options, id] of refused)
    it(`refuses ${what}`, () => {
      assert.throws(() => locateContent(root, options), { name: 'FailoverError', id });
    });
});
