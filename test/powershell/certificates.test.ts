import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSelfSigned } from '../support/certificates.ts';
import { moduleErrors, runModule } from '../support/module.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { temporaryFolder } from '../support/tree.ts';
import { bridge, bridgeEnvironment, bridgeMissing } from '../windows/dotnet-process.ts';

const secure = (value: string): string =>
  `-Password ([System.Net.NetworkCredential]::new('', '${value}').SecurePassword)`;

/** The stores of a user are .NET's own on this system, in a home that is the test's. */
describe('certificates with private keys', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  before(function () {
    if (process.platform === 'win32') return skipWhereMissing(this, 'a store that is the test’s own');
    skipWhereMissing(this, bridgeMissing ?? missingOpenSsl());
  });
  beforeEach(async () => {
    await mkdir(join(folder.path, 'home'));
    const { key, cert } = await makeSelfSigned('shop.example', new Date(), 30);
    await writeFile(join(folder.path, 'key.pem'), key);
    await writeFile(join(folder.path, 'cert.pem'), cert);
    const pkcs12 = 'pkcs12 -export -inkey key.pem -in cert.pem -out shop.pfx -passout pass:geheim';
    execFileSync('openssl', pkcs12.split(' '), { cwd: folder.path });
  });

  const options = () => ({
    cwd: folder.path,
    env: { ...bridgeEnvironment, IISFAILOVER_BRIDGE: bridge, HOME: join(folder.path, 'home') },
  });
  const own = '-StoreLocation CurrentUser';
  const importing = `Import-FailoverCertificate ./shop.pfx ${secure('geheim')} -Exportable ${own}`;

  it('are imported, exported under another password, and imported again', async () => {
    const [imported] = (await runModule(importing, options())).objects;
    assert.match(imported?.Subject ?? '', /CN=shop\.example/);
    assert.match(imported?.Thumbprint ?? '', /^[0-9A-F]{40}$/);
    const exporting = `[pscustomobject]@{ Thumbprint = '${imported?.Thumbprint}' } | Export-FailoverCertificate -Destination out ${secure('other')} ${own}`;
    const [exported] = (await runModule(exporting, options())).objects;
    const path = join(folder.path, 'out', `${imported?.Thumbprint}.pfx`);
    assert.equal(exported?.Path, path);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    const again = `Import-FailoverCertificate '${path}' ${secure('other')} -Store WebHosting ${own}`;
    assert.deepEqual(
      (await runModule(again, options())).objects.map(({ Thumbprint, Store }) => [Thumbprint, Store]),
      [[imported?.Thumbprint, 'WebHosting']],
    );
  });

  it('are left alone by a wrong password, an unknown thumbprint and -WhatIf', async () => {
    const wrong = await moduleErrors(
      `Import-FailoverCertificate ./shop.pfx ${secure('falsch')} ${own}`,
      options(),
    );
    assert.deepEqual(
      wrong.map(({ id }) => id),
      ['DotNetFailed'],
    );
    assert.doesNotMatch(wrong[0]?.message ?? '', /falsch/);
    await runModule(`${importing} -WhatIf`, options());
    const [unknown] = await moduleErrors(
      `Export-FailoverCertificate ${'AB'.repeat(20)} -Destination out ${secure('x')} ${own}`,
      options(),
    );
    assert.match(
      unknown?.message ?? '',
      /The store CurrentUser.My (has no certificate ABAB|cannot be)|does not exist/,
    );
    assert.equal(
      (await readdir(folder.path, { recursive: true })).filter((name) => name.endsWith('.pfx')).length,
      1,
    );
  });

  it('are not written without a password', async () => {
    const [error] = await moduleErrors(
      `Export-FailoverCertificate ${'AB'.repeat(20)} -Destination out ${secure('')} ${own}`,
      options(),
    );
    assert.equal(error?.id, 'ParameterInvalid');
  });
});

function missingOpenSsl(): string | undefined {
  return spawnSync('openssl', ['version']).error === undefined ? undefined : 'openssl';
}
