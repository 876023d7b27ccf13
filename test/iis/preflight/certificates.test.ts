import assert from 'node:assert/strict';
import { planRestore } from '../../../src/iis/index.ts';
import { exportAll, parse, serverText, siteXml } from '../samples.ts';

const withBindings = (bindings: string, more = ''): string =>
  serverText({
    sites: siteXml('a', 1).replace(/<bindings>[^]*<\/bindings>/, `<bindings>${bindings}</bindings>${more}`),
  });
const https = (information: string, sslFlags = 0): string =>
  `<binding protocol="https" bindingInformation="${information}" sslFlags="${sslFlags}" />`;

function needs(primary: string, target = serverText({})): string[] {
  const [site] = planRestore(parse(target), exportAll(parse(primary))).sites;
  return site!.findings.map(({ id, location, message }) => `${id} ${location}: ${message}`);
}

describe('certificates that a restored site needs', () => {
  it('are those of its https bindings, by endpoint, name, or central store', () => {
    const bindings = https('*:443:') + https('*:443:b.com', 1) + https('*:444:c.com', 3);
    assert.deepEqual(needs(withBindings(bindings)), [
      'CertificateNeeded site/bindings/binding[https *:443:]: The binding https *:443: needs a certificate on this ' +
        'server; without SNI all sites on *:443 share one',
      'CertificateNeeded site/bindings/binding[https *:443:b.com]: The binding https *:443:b.com needs a certificate ' +
        'for b.com on this server',
      'CertificateNeeded site/bindings/binding[https *:444:c.com]: The binding https *:444:c.com takes the ' +
        'certificate for c.com from the central certificate store, which this server must use as well',
    ]);
  });

  it('are not reported again for bindings that the site has here already', () => {
    const there = withBindings(https('*:443:'));
    assert.deepEqual(needs(there, there), []);
    const two = withBindings(https('*:443:') + https('*:444:'));
    assert.equal(needs(two, there).length, 1);
    assert.equal(needs(withBindings(https('*:443:', 1)), there).length, 1);
  });

  it('include the one that FTP names by its hash', () => {
    const ftp = '<ftpServer><security><ssl serverCertHash="ABCD" /></security></ftpServer>';
    const primary = withBindings('', ftp);
    assert.deepEqual(needs(primary), [
      'CertificateNeeded site/ftpServer/security/ssl/@serverCertHash: ' +
        'FTP uses the certificate ABCD, which this server needs as well',
    ]);
    assert.deepEqual(needs(primary, primary), []);
  });
});
