import assert from 'node:assert/strict';
import { join } from 'node:path';
import { locateContentRoots } from '../../src/content/index.ts';
import { temporaryFolder, writeTree } from '../support/tree.ts';

const folders = (...paths: string[]): { site: string; path: string }[] =>
  paths.map((path, index) => ({ site: `site${index + 1}.com`, path }));

describe('locateContentRoots', () => {
  const folder = temporaryFolder();
  const variables = new Map<string, string>();

  it('finds how the drives are spelt in the content server folder', async () => {
    await writeTree(folder.path, { 'c$/': '', 'D/': '' });
    const { roots, problems } = await locateContentRoots(folders('C:\\one', 'D:\\two'), {
      contentServer: folder.path,
      destinationDrive: '/mnt/standby',
      variables,
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(roots, [
      {
        site: 'site1.com',
        path: 'C:\\one',
        source: join(folder.path, 'c$/one'),
        destination: '/mnt/standby/one',
      },
      {
        site: 'site2.com',
        path: 'D:\\two',
        source: join(folder.path, 'D/two'),
        destination: '/mnt/standby/two',
      },
    ]);
  });

  it('reports a folder without a place and goes on with the others', async () => {
    const { roots, problems } = await locateContentRoots(folders('%NOWHERE%\\x', '/srv/two'), {
      destinationDrive: '/mnt/standby',
      variables,
    });
    assert.deepEqual(
      roots.map((root) => root.site),
      ['site2.com'],
    );
    assert.deepEqual(
      problems.map((problem) => problem.id),
      ['PathVariableUnknown'],
    );
  });

  it('refuses to mix two folders in one place, and keeps the first', async () => {
    const { roots, problems } = await locateContentRoots(
      folders('C:\\web\\a', 'D:\\WEB\\A', 'D:\\web\\a\\b'),
      {
        contentServer: 'primary',
        destinationDrive: 'E:',
        variables,
        platform: 'win32',
      },
    );
    assert.deepEqual(
      roots.map((root) => root.path),
      ['C:\\web\\a'],
    );
    assert.deepEqual(
      problems.map((problem) => [problem.id, problem.target]),
      [
        ['ContentDestinationConflict', 'site2.com'],
        ['ContentDestinationConflict', 'site3.com'],
      ],
    );
    assert.equal(
      problems[0]?.message,
      '\\\\primary\\D$\\WEB\\A and \\\\primary\\C$\\web\\a would be mixed in E:\\WEB\\A',
    );
  });

  it('takes a folder that two sites share, and one within another, in the order given', async () => {
    const paths = ['/srv/web/site1/img', '/srv/web', '/srv/web/site1', '/srv/web'];
    const { roots, problems } = await locateContentRoots(folders(...paths), {
      destinationDrive: '/mnt',
      variables,
    });
    assert.deepEqual(
      roots.map((root) => root.path),
      paths,
    );
    assert.deepEqual(problems, []);
  });

  it('says when the content server folder cannot be read', async () => {
    const missing = join(folder.path, 'missing');
    await assert.rejects(locateContentRoots(folders('C:\\one'), { contentServer: missing, variables }), {
      id: 'ContentServerInvalid',
      message: `Cannot read ${missing}: the folder or file does not exist`,
    });
  });
});
