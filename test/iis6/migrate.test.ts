import assert from 'node:assert/strict';
import { parseConfiguration, planRestore } from '../../src/iis/index.ts';
import { exportSite } from '../../src/iis/export.ts';
import { SuppliedSecrets } from '../../src/iis/supplied-secrets.ts';
import { Secret } from '../../src/model/secret.ts';
import { corpus, parse as parseIis7, serverText, siteXml } from '../iis/samples.ts';
import { aspNet, findings, text } from './migrating.ts';
import { blob, exportAll, metabaseText, node, parse, real } from './samples.ts';

const backups = exportAll(
  parse(
    metabaseText(
      [
        {
          id: 3,
          name: 'site1.com',
          server: {
            ServerBindings: ':80:site1.com\n\t\t\t10.1.1.1:8080:',
            SecureBindings: '10.1.1.1:443:www.site1.com',
            SSLCertHash: 'ab12',
            SSLStoreName: 'MY',
            ServerAutoStart: 'FALSE',
            MaxConnections: '500',
            ConnectionTimeout: '90',
            LogFilePeriod: '4',
            LogExtFileFlags: 'LogExtFileDate | LogExtFileClientIp | LogExtFileServerIp',
            DefaultDoc: 'home.htm,Home.htm,index.asp',
          },
          root: {
            AccessSSLFlags: 'AccessSSL | AccessSSL128',
            AnonymousUserName: 'DOM\\visitor',
            AnonymousUserPass: blob('visitor'),
            AppPoolId: 'shop',
            AuthFlags: '3',
            DirBrowseFlags: 'DirBrowseShowDate | EnableDirBrowsing | EnableDefaultDoc',
            HttpCustomHeaders: 'X-One: 1: 2\n\t\t\tX-Two: b &amp; c',
            HttpErrors:
              '401,1,FILE,C:\\WINDOWS\\help\\iisHelp\\common\\401-1.htm\n\t\t\t404,*,FILE,C:\\web\\my 404.htm\n\t\t\t500,100,URL,/a b.asp',
            HttpExpires: 'D, 0x15180',
            MimeMap: '.foo,application/x-foo\n\t\t\t.bar,text/x bar',
            Path: 'C:\\web\\site1',
          },
          nodes:
            node('IIsWebVirtualDir', '/LM/W3SVC/{id}/ROOT/shop', {
              AppPoolId: 'shop',
              AppRoot: '/LM/W3SVC/{id}/ROOT/shop',
              AspEnableParentPaths: 'TRUE',
              AspScriptTimeout: '120',
              Path: '\\\\nas\\shop',
              UNCPassword: blob('nas'),
              UNCUserName: 'DOM\\nas',
            }) +
            node('IIsWebDirectory', '/LM/W3SVC/{id}/ROOT/shop/api', {
              AppPoolId: 'DefaultAppPool',
              AppRoot: '/LM/W3SVC/{id}/ROOT/shop/api',
            }) +
            node('IIsWebVirtualDir', '/LM/W3SVC/{id}/ROOT/old', {
              HttpRedirect: 'http://new.com/a,b, EXACT_DESTINATION, PERMANENT,',
              Path: 'C:\\old',
            }),
        },
      ],
      {
        service: {
          ScriptMaps: `.asp,C:\\WINDOWS\\system32\\inetsrv\\asp.dll,5,GET\n\t\t\t${aspNet('v2.0.50727')}`,
        },
        pools: node('IIsApplicationPool', '/LM/W3SVC/AppPools/shop', {
          AppPoolIdentityType: '3',
          IdleTimeout: '60',
          PeriodicRestartSchedule: '03:00\n\t\t\t15:30',
          PeriodicRestartTime: '1740',
          WAMUserName: 'DOM\\pool',
          WAMUserPass: blob('pool'),
        }),
      },
    ),
  ),
);

describe('restoring a site of IIS 6 into an applicationHost.config', () => {
  it('writes site, applications, virtual directories, bindings and log as IIS 7 has them', () => {
    const written = exportSite(parseIis7(text(parseIis7(serverText({})), backups)), 'site1.com', {
      source: 'x',
      created: new Date(0),
    });
    assert.equal(
      written.site.replace(/\n {12}/g, '\n'),
      `<site name="site1.com" id="3" serverAutoStart="false">
    <application path="/" applicationPool="shop">
        <virtualDirectory path="/" physicalPath="C:\\web\\site1" />
        <virtualDirectory path="/old" physicalPath="C:\\old" />
    </application>
    <application path="/shop" applicationPool="shop">
        <virtualDirectory path="/" physicalPath="\\\\nas\\shop" userName="DOM\\nas" />
    </application>
    <application path="/shop/api" applicationPool="DefaultAppPool IIS 6">
        <virtualDirectory path="/" physicalPath="\\\\nas\\shop\\api" />
    </application>
    <bindings>
        <binding protocol="http" bindingInformation="*:80:site1.com" />
        <binding protocol="http" bindingInformation="10.1.1.1:8080:" />
        <binding protocol="https" bindingInformation="10.1.1.1:443:www.site1.com" />
    </bindings>
    <limits maxConnections="500" connectionTimeout="00:01:30" />
    <logFile period="Hourly" logExtFileFlags="Date, ClientIP, ServerIP" />
</site>`,
    );
  });

  it('writes pools that run requests as IIS 6 does, with the ASP.NET of their script maps', () => {
    const target = parseIis7(text(parseIis7(serverText({})), backups));
    const pool = (name: string): string =>
      target.document.slice(target.pools.get(name)!).replace(/\n {12}/g, '\n');
    assert.equal(
      pool('shop'),
      `<add name="shop" managedRuntimeVersion="v2.0" managedPipelineMode="Classic">
    <processModel identityType="SpecificUser" userName="DOM\\pool" idleTimeout="01:00:00" />
    <recycling>
        <periodicRestart>
            <schedule>
                <add value="03:00:00" />
                <add value="15:30:00" />
            </schedule>
        </periodicRestart>
    </recycling>
</add>`,
    );
    assert.match(
      pool('defaultapppool iis 6'),
      /Classic">\n    <processModel identityType="NetworkService" \/>/,
    );
  });

  it('writes what serves as locations: authentication, documents, errors, headers, types, redirects', () => {
    const target = parseIis7(text(parseIis7(serverText({})), backups));
    const blocks = (target.locations.get('site1.com') ?? []).map((block) => target.document.slice(block));
    assert.equal(blocks.length, 3);
    const [site = '', shop = '', old = ''] = blocks;
    for (const part of [
      '<anonymousAuthentication enabled="true" userName="DOM\\visitor" />',
      '<basicAuthentication enabled="true" />',
      '<windowsAuthentication enabled="false" />',
      '<access sslFlags="Ssl, Ssl128" />',
      '<handlers accessPolicy="Read, Script" />',
      '<directoryBrowse enabled="true" showFlags="Date" />',
      '<add value="home.htm" />',
      '<add value="index.asp" />',
      '<remove statusCode="404" subStatusCode="-1" />',
      'path="C:\\web\\my 404.htm" responseMode="File"',
      '<error statusCode="500" subStatusCode="100" prefixLanguageFilePath="" path="/a b.asp" responseMode="ExecuteURL" />',
      '<add name="X-One" value="1: 2" />',
      '<add name="X-Two" value="b &amp; c" />',
      '<mimeMap fileExtension=".bar" mimeType="text/x bar" />',
      '<clientCache cacheControlMode="UseMaxAge" cacheControlMaxAge="1.00:00:00" />',
    ])
      assert.ok(site.includes(part), part);
    assert.doesNotMatch(site, /iisHelp|Home\.htm/);
    assert.match(
      shop,
      /<location path="site1.com\/shop">[^]*<asp enableParentPaths="true">[^]*scriptTimeout="00:02:00"/,
    );
    assert.match(
      old,
      /<httpRedirect enabled="true" destination="http:\/\/new.com\/a,b" exactDestination="true" childOnly="false" httpResponseStatus="Permanent" \/>/,
    );
  });

  it('carries no password: each is reported, and that of the target stays', () => {
    const target = parseIis7(text(parseIis7(serverText({})), backups));
    assert.doesNotMatch(target.document.text, /password|49634462|failover:secret/);
    const found = findings(parseIis7(serverText({})), backups);
    for (const place of [
      'application\\[path=/shop\\]/virtualDirectory\\[path=/\\]/@password',
      'applicationPools/add\\[name=shop\\]/processModel/@password',
      'anonymousAuthentication/@password',
    ])
      assert.match(
        found,
        new RegExp(`SecretNotCarried .*${place}: The value is left out: it is encrypted by IIS 6`),
      );
    const withOwn = target.document.text.replace(
      'userName="DOM\\nas"',
      '$& password="[enc:AesProvider:own:enc]"',
    );
    assert.ok(text(parseIis7(withOwn), backups).includes('[enc:AesProvider:own:enc]'));
  });

  it('takes passwords that are supplied by account, pool or place, and has IIS encrypt them', () => {
    const supplied = new SuppliedSecrets([
      ['dom\\NAS', { password: new Secret('one') }],
      ['shop', { password: new Secret('two') }],
    ]);
    const marked = new Map<string, string>();
    const mark = (_site: string, number: number, value: Secret): string => {
      marked.set(`mark${number}`, value.reveal());
      return `mark${number}`;
    };
    const target = parseIis7(serverText({}));
    const written = planRestore(target, backups, { secrets: { supplied, mark } }).text(['site1.com']);
    const value = (element: RegExp): string | undefined => marked.get(element.exec(written)?.[1] ?? '');
    assert.equal(value(/userName="DOM\\nas" password="(\w+)"/), 'one');
    assert.equal(value(/userName="DOM\\pool" password="(\w+)"/), 'two');
    assert.deepEqual(supplied.unused(), []);
  });

  it('maps paths, those of custom errors too, and addresses', () => {
    const written = text(parseIis7(serverText({})), backups, {
      pathMap: new Map([['C:\\web', 'D:\\web']]),
      addressMap: new Map([['10.1.1.1', '10.1.1.2']]),
    });
    assert.match(written, /physicalPath="D:\\web\\site1"/);
    assert.match(written, /path="D:\\web\\my 404.htm"/);
    assert.match(written, /bindingInformation="10.1.1.2:443:www.site1.com"/);
  });

  it('is checked beforehand as any site is: ids, bindings, certificates', () => {
    const target = parseIis7(
      serverText({
        sites: siteXml('other', 3) + siteXml('x', 4, { binding: '*:80:site1.com' }),
      }),
    );
    const found = findings(target, backups);
    assert.match(found, /^SiteIdRemapped site1.com site\/@id/m);
    assert.match(found, /^BindingShared site1.com .*that of the site x as well/m);
    assert.match(found, /^CertificateNeeded site1.com/m);
  });

  it('takes the real site into each real file, and changes nothing there but what is added', () => {
    const of = exportAll(parse(real)).map((backup) => ({
      ...backup,
      name: 'migrated',
      site: backup.site.replace('Default Web Site', 'migrated'),
    }));
    for (const { name, bytes } of corpus) {
      const target = parseConfiguration(bytes, name);
      const plan = planRestore(target, of, { addressMap: new Map([['*', '10.9.8.7']]) });
      assert.deepEqual(
        plan.sites.map(({ refused }) => refused),
        [false],
        name,
      );
      const written = plan.text(['migrated']);
      const after = parseConfiguration(Buffer.from(written), name);
      const own = [
        after.sites.get('migrated')!.element,
        ...(after.locations.get('migrated') ?? []),
        after.pools.get('defaultapppool iis 6')!,
      ].sort((a, b) => b.start - a.start);
      let rest = written;
      for (const { start, end } of own) rest = rest.slice(0, start).trimEnd() + rest.slice(end);
      assert.equal(rest, target.document.text, name);
    }
  });
});
