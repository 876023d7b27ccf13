import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkKeytab } from '../../../src/dns/index.ts';

describe('A keytab', () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'keytab-'))));
  after(() => rm(folder, { recursive: true }));

  const check = async (bytes: Buffer): Promise<string> => {
    const path = join(folder, 'failover.keytab');
    await writeFile(path, bytes);
    return checkKeytab(path);
  };

  it('is known by its first bytes', async () => {
    assert.equal(await check(Buffer.from('0502000000400001', 'hex')), join(folder, 'failover.keytab'));
    for (const wrong of ['', '0502', '0503000000400001', Buffer.from('password').toString('hex')])
      await assert.rejects(check(Buffer.from(wrong, 'hex')), {
        id: 'GssKeytabInvalid',
        target: join(folder, 'failover.keytab'),
      });
  });

  it('is named where it is not there', async () => {
    const path = join(folder, 'none.keytab');
    await assert.rejects(checkKeytab(path), { id: 'FileNotFound', target: path });
  });
});
