import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type PasswordBox, PasswordBoxes } from '../../src/edge/secret-box.ts';
import { formatBackup, parseBackup } from '../../src/iis/backup-file.ts';
import { checkWellFormed } from '../../src/iis/gate.ts';
import { exportSite, type SiteBackup } from '../../src/iis/index.ts';
import { meaning } from '../../src/iis/meaning.ts';
import { XmlDocument } from '../../src/iis/scan.ts';
import { Secret } from '../../src/model/secret.ts';
import { corpus, exportAll, exportOptions, failure, parse, serverText } from './samples.ts';

const planted = ['pool-pass', 'Nas<&"Pass', '[enc:AesProvider:AAAA:enc]'];
const site = exportSite(
  parse(
    serverText({
      pools: `
            <add name="p"><processModel password="pool-pass" /></add>`,
      sites: `
            <site name="a &amp; b" id="5">
                <application path="/" applicationPool="p">
                    <virtualDirectory path="/" physicalPath="C:\\a" password="Nas&lt;&amp;&quot;Pass" />
                </application>
            </site>`,
      locations: `
    <location path="a &amp; b">
        <x password="[enc:AesProvider:AAAA:enc]" />
    </location>`,
    }),
  ),
  'a & b',
  exportOptions,
);

const meaningOf = (xml: string): string => {
  const document = new XmlDocument(xml);
  return meaning(document, document.root);
};

/** All of a backup but the layout of its fragments. */
function content(backup: SiteBackup): unknown {
  const named = (parts: SiteBackup['locations']) => parts.map(({ name, xml }) => [name, meaningOf(xml)]);
  return {
    ...backup,
    site: meaningOf(backup.site),
    applicationPools: named(backup.applicationPools),
    locations: named(backup.locations),
    defaults: named(backup.defaults),
    secrets: backup.secrets.map((secret) => ({
      ...secret,
      place: undefined,
      value: secret.value?.reveal(),
      opened: secret.opened?.reveal(),
    })),
  };
}

describe('backup file', () => {
  const passwords = new PasswordBoxes(new Secret('correct horse'));
  let box: PasswordBox;
  let sealed: Buffer;
  let open: Buffer;
  before(async () => {
    box = await passwords.for({ n: 2 ** 14, r: 8, p: 1, salt: Buffer.from('0123456789abcdef') });
    sealed = Buffer.from(await formatBackup(site, box));
    open = Buffer.from(await formatBackup(site));
  });

  it('is XML that a person can read, without any secret in clear', () => {
    for (const text of [sealed.toString(), open.toString()]) {
      checkWellFormed(text, 'backup');
      assert.match(text, /^ {2}<site>\r\n {4}<site name="a &amp; b" id="5">\r\n {6}<application /m);
      assert.match(text, /<processModel password="\[failover:secret:2\]" \/>/);
      for (const secret of planted) assert.equal(text.includes(secret), false, secret);
    }
    assert.match(sealed.toString(), /<secrets sealed="[^"]+">/);
    assert.match(open.toString(), /<secrets>/);
  });

  it('gives back all that was put in, with the password', async () => {
    assert.deepEqual(content(await parseBackup(sealed, 'a.xml', passwords)), content(site));
  });

  it('carries holes in place of secrets where it has no password', async () => {
    const secrets = site.secrets.map((secret) => ({ ...secret, value: undefined }));
    assert.deepEqual(content(await parseBackup(open, 'a.xml')), content({ ...site, secrets }));
  });

  it('keeps every site of the real files', async () => {
    for (const { bytes } of corpus)
      for (const backup of exportAll(parse(bytes.toString()))) {
        const file = Buffer.from(await formatBackup(backup, box));
        assert.deepEqual(content(await parseBackup(file, 'a.xml', passwords)), content(backup));
      }
  });

  it('is refused with another password, with none, and with one that it was not made with', async () => {
    await assert.rejects(
      parseBackup(sealed, 'a.xml', new PasswordBoxes(new Secret('wrong'))),
      failure('BackupPasswordWrong', 'The password does not open a.xml'),
    );
    await assert.rejects(
      parseBackup(sealed, 'a.xml'),
      failure('BackupPasswordMissing', 'a.xml is protected by a password'),
    );
    await assert.rejects(
      parseBackup(open, 'a.xml', passwords),
      failure('BackupUnprotected', 'a.xml is not protected by a password, but one was given'),
    );
  });

  it('is refused where any of its bytes was changed', async () => {
    for (const [file, keys] of [
      [sealed, passwords],
      [open, undefined],
    ] as const)
      for (let index = 0; index < file.length; index++) {
        const changed = Buffer.from(file);
        changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
        // A changed salt or check value cannot be told from a wrong password, a changed start from another file.
        await assert.rejects(parseBackup(changed, 'a.xml', keys), /a\.xml/, `byte ${index}`);
      }
  });

  it('is refused where it was cut at any place, or grew', async () => {
    for (const [file, keys] of [
      [sealed, passwords],
      [open, undefined],
    ] as const) {
      for (let length = 100; length < file.length - '</failoverSite>\r\n'.length; length += 7)
        await assert.rejects(
          parseBackup(file.subarray(0, length), 'a.xml', keys),
          failure('BackupTruncated', 'a.xml is not complete: its end is missing'),
        );
      const tampered = failure('BackupTampered', 'a.xml was changed after it was written');
      await assert.rejects(parseBackup(Buffer.concat([file, Buffer.from('\n')]), 'a.xml', keys), tampered);
      const text = file.toString();
      await assert.rejects(parseBackup(Buffer.from(text.replaceAll('\r\n', '\n')), 'a.xml', keys), tampered);
      await assert.rejects(
        parseBackup(Buffer.from(text.replace('id="5"', 'id="6"')), 'a.xml', keys),
        tampered,
      );
    }
  });

  it('cannot have its protection taken away by who does not know the password', async () => {
    const text = sealed.toString().replace('C:\\a', 'C:\\evil');
    const body = text.slice(0, text.indexOf('  <authentication'));
    const covered = `${body}  <authentication method="sha256" value="`;
    const digest = createHash('sha256').update(covered).digest('base64');
    const forged = Buffer.from(`${covered}${digest}" />\r\n</failoverSite>\r\n`);
    await assert.rejects(
      parseBackup(forged, 'a.xml', passwords),
      failure('BackupUnprotected', /one was given/),
    );
  });

  it('cannot make the reader spend gigabytes or hours on its key', async () => {
    for (const cost of ['n="1073741824" r="8" p="1"', 'n="16384" r="8" p="999"', 'n="2" r="8" p="1"']) {
      const text = sealed.toString().replace('n="16384" r="8" p="1"', cost);
      await assert.rejects(
        parseBackup(Buffer.from(text), 'a.xml', passwords),
        failure('BackupInvalid', 'a.xml asks for an unusual key derivation'),
      );
    }
  });

  it('is refused where it is something else', async () => {
    for (const text of ['', '<configuration/>', corpus[0]?.bytes.toString() ?? ''])
      await assert.rejects(
        parseBackup(Buffer.from(text), 'a.xml'),
        failure('BackupInvalid', /is not a backup of a site/),
      );
  });

  it('is refused where a later version wrote it', async () => {
    const text = open.toString();
    const covered = text.slice(0, text.lastIndexOf('value="') + 7).replace('format="1"', 'format="2"');
    const digest = createHash('sha256').update(covered).digest('base64');
    await assert.rejects(
      parseBackup(Buffer.from(`${covered}${digest}" />\r\n</failoverSite>\r\n`), 'a.xml'),
      failure('BackupInvalid', 'a.xml has format 2, which this version does not know'),
    );
  });
});
