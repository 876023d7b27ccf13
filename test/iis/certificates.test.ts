import assert from 'node:assert/strict';
import { formatBackup, parseBackup } from '../../src/iis/backup-file.ts';
import { type CarriedCertificate, exportSite, planRestore, type SiteBackup } from '../../src/iis/index.ts';
import { exportOptions, parse, serverText } from './samples.ts';

const binding = (information: string, flags: number): string =>
  `<binding protocol="https" bindingInformation="${information}" sslFlags="${flags}" />`;
const backup = exportSite(
  parse(
    serverText({
      sites: `<site name="a" id="1"><application path="/" /><bindings>
          ${binding('*:443:A.example', 1)}${binding('*:443:b.example', 1)}${binding('*:443:c.example', 3)}
        </bindings></site>`,
    }),
  ),
  'a',
  exportOptions,
);
const certificate: CarriedCertificate = {
  bindingInformation: '*:443:a.example',
  store: 'WebHosting',
  thumbprint: 'ABCD',
  subject: 'CN=a.example, O="A & B"',
  names: 'DNS Name=a.example',
  notAfter: '2027-03-04T00:00:00.0000000Z',
};

async function needs(certificates: SiteBackup['certificates']): Promise<string[]> {
  const text = await formatBackup({ ...backup, certificates });
  const read = await parseBackup(Buffer.from(text), 'a.xml');
  assert.deepEqual(read.certificates, certificates);
  const { findings } = planRestore(parse(serverText({})), [read]).sites[0]!;
  return findings.filter(({ id }) => id === 'CertificateNeeded').map(({ message }) => message);
}

describe('certificates of https bindings', () => {
  it('are named with thumbprint, subject, expiry and store; a central store has none', async () => {
    assert.deepEqual(await needs([certificate]), [
      'The binding https *:443:A.example needs a certificate for A.example on this server; on the primary it is ABCD, CN=a.example, O="A & B", valid until 2027-03-04, in the store WebHosting',
      'The binding https *:443:b.example needs a certificate for b.example on this server; on the primary it has none',
      'The binding https *:443:c.example takes the certificate for c.example from the central certificate store, which this server must use as well',
    ]);
  });

  it('are needed all the same where they are not known', async () => {
    const [first] = await needs(undefined);
    assert.equal(first, 'The binding https *:443:A.example needs a certificate for A.example on this server');
  });
});
