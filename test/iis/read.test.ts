import assert from 'node:assert/strict';
import { contentRoots, findSite, listPools, listSites, readSite } from '../../src/iis/index.ts';
import { parseBindingInformation, poolNames } from '../../src/iis/read.ts';
import { corpus, failure, parse, serverText, siteXml } from './samples.ts';

describe('sites of a configuration', () => {
  it('are read with all that identifies them', () => {
    const sites = `
            <site name="Site &amp; Co" id="3" serverAutoStart="false">
                <application path="/" applicationPool="own">
                    <virtualDirectory path="/" physicalPath="%SystemDrive%\\web" />
                    <virtualDirectory path="/files" physicalPath="\\\\nas\\files" userName="reader" password="x" />
                </application>
                <application path="/empty" />
                <bindings>
                    <binding protocol="https" bindingInformation="[2001:db8::1]:443:site.com" sslFlags="3" />
                    <binding protocol="net.tcp" bindingInformation="808:*" />
                </bindings>
            </site>`;
    const site = readSite(parse(serverText({ sites })), 'SITE & co');
    assert.deepEqual(site, {
      name: 'Site & Co',
      id: 3,
      serverAutoStart: false,
      bindings: [
        {
          protocol: 'https',
          bindingInformation: '[2001:db8::1]:443:site.com',
          sslFlags: 3,
          endpoint: { address: '2001:db8::1', port: 443, hostName: 'site.com' },
        },
        { protocol: 'net.tcp', bindingInformation: '808:*', sslFlags: 0, endpoint: undefined },
      ],
      applications: [
        {
          path: '/',
          applicationPool: 'own',
          virtualDirectories: [
            { path: '/', physicalPath: '%SystemDrive%\\web', userName: undefined },
            { path: '/files', physicalPath: '\\\\nas\\files', userName: 'reader' },
          ],
        },
        { path: '/empty', applicationPool: 'DefaultAppPool', virtualDirectories: [] },
      ],
      line: 14,
    });
    assert.deepEqual(contentRoots(site), [
      { application: '/', virtualDirectory: '/', physicalPath: '%SystemDrive%\\web' },
      { application: '/', virtualDirectory: '/files', physicalPath: '\\\\nas\\files' },
    ]);
  });

  it('that are not there are named in the error', () => {
    const configuration = parse(serverText({}));
    assert.throws(
      () => findSite(configuration, 'site9.com'),
      failure('SiteNotFound', 'applicationHost.config has no site named site9.com'),
    );
  });

  it('take their pool from attribute, site, server and last from IIS itself', () => {
    const site = (inside: string): string => `<site name="a" id="1">${inside}</site>`;
    const poolOf = (text: string): string[] => poolNames(readSite(parse(text), 'a'));
    const server = (inside: string, defaults = ''): string =>
      `<configuration><system.applicationHost><sites>${site(inside)}${defaults}</sites></system.applicationHost></configuration>`;
    const ofServer = '<applicationDefaults applicationPool="server" />';
    const ofSite = '<applicationDefaults applicationPool="site" />';
    const application = '<application path="/" />';
    const own = '<application path="/" applicationPool="own" />';
    assert.deepEqual(poolOf(server(ofSite + own, ofServer)), ['own']);
    assert.deepEqual(poolOf(server(ofSite + application, ofServer)), ['site']);
    assert.deepEqual(poolOf(server(application, ofServer)), ['server']);
    assert.deepEqual(poolOf(server(application)), ['DefaultAppPool']);
    assert.deepEqual(poolOf(server(application + own.replace('own', 'OWN') + own)), [
      'DefaultAppPool',
      'OWN',
    ]);
  });

  it('have their binding information taken apart where it has the form of http', () => {
    assert.deepEqual(parseBindingInformation(':8080:localhost'), {
      address: '*',
      port: 8080,
      hostName: 'localhost',
    });
    assert.deepEqual(parseBindingInformation('*:80:'), { address: '*', port: 80, hostName: '' });
    assert.deepEqual(parseBindingInformation('[::]:80:*.a.com'), {
      address: '::',
      port: 80,
      hostName: '*.a.com',
    });
    for (const other of ['808:*', '*', 'localhost', '*:21', 'a:b:c'])
      assert.equal(parseBindingInformation(other), undefined);
  });

  it('of the real files are all found', () => {
    const counts = corpus.map(({ name, bytes }) => {
      const configuration = parse(bytes.toString());
      return [name.split('.')[0], listSites(configuration).length, listPools(configuration).length];
    });
    assert.deepEqual(counts, [
      ['aspnetcoretest', 1, 1],
      ['carbon-server2012r2', 1, 1],
      ['iis-reverse-proxy', 1, 1],
      ['jexus-12-sites-ftp-enc', 12, 5],
      ['jexus-12-sites', 12, 5],
      ['wcf-to-corewcf', 3, 7],
    ]);
  });

  it('stand at the line the file has them', () => {
    const text = serverText({ sites: siteXml('a', 1) + siteXml('b', 2) });
    const lines = text.split('\n');
    for (const { name, line } of listSites(parse(text)))
      assert.match(lines[line - 1] ?? '', new RegExp(`name="${name}"`));
  });
});

describe('application pools', () => {
  it('are read with their identity', () => {
    const pools =
      '<add name="p" managedRuntimeVersion="" managedPipelineMode="Classic"><processModel identityType="SpecificUser" userName="u" password="x" /></add>';
    assert.deepEqual(listPools(parse(serverText({ pools })))[1], {
      name: 'p',
      managedRuntimeVersion: '',
      managedPipelineMode: 'Classic',
      identityType: 'SpecificUser',
      userName: 'u',
    });
  });
});
