import assert from 'node:assert/strict';
import { type Configuration, planRestore, type RestoreOptions } from '../../../src/iis/index.ts';
import { exportAll, parse, siteXml } from '../samples.ts';

const sections = `
  <configSections>
    <sectionGroup name="system.webServer">
      <section name="handlers" /><section name="modules" /><section name="aspNetCore" />
      <sectionGroup name="rewrite"><section name="rules" /></sectionGroup>
    </sectionGroup>
    <sectionGroup name="system.ftpServer"><section name="log" /></sectionGroup>
    <section name="webFarms" />
  </configSections>`;

/** A server with a site `a`; `block` is what is in its location block. */
function server(
  parts: { block?: string; site?: string; declared?: string; server?: string; farms?: string } = {},
): Configuration {
  const { block = '', site = siteXml('a', 1), declared = sections, server = '', farms = '' } = parts;
  return parse(`<configuration>${declared}
  <system.applicationHost>
    <applicationPools><add name="DefaultAppPool" /></applicationPools>
    <sites>${site}</sites>
  </system.applicationHost>
  <system.webServer>${server}</system.webServer>
  <webFarms>${farms}</webFarms>
  <location path="a">${block}</location>
</configuration>`);
}

/** What a restore of the primary's site into a server without sites reports, as `id location: message`. */
function reported(primary: Configuration, target: Configuration, options?: RestoreOptions): string[] {
  const [site] = planRestore(target, exportAll(primary), options).sites;
  return site!.findings.map(({ id, location, message }) => `${id} ${location}: ${message}`);
}

const bare = (parts: Parameters<typeof server>[0] = {}): Configuration => server({ site: '', ...parts });
const inWebServer = (xml: string): string => `<system.webServer>${xml}</system.webServer>`;

describe('sections that a site uses', () => {
  const block = inWebServer('<aspNetCore processPath="dotnet" /><rewrite><rules /></rewrite>');

  it('are no finding where the server declares them, or .NET does for every server', () => {
    const dotNet = '<system.web><compilation /></system.web><appSettings /><connectionStrings />';
    assert.deepEqual(reported(server({ block: block + dotNet }), bare()), []);
  });

  it('refuse the site where the server does not declare them, group or section', () => {
    const without = (name: string): Configuration =>
      bare({ declared: sections.replace(`<section name="${name}" />`, '') });
    assert.deepEqual(reported(server({ block }), without('aspNetCore')), [
      'SectionUndeclared location[path=a]/system.webServer/aspNetCore: The section system.webServer/aspNetCore ' +
        'is not declared on this server, so IIS would refuse the whole file',
    ]);
    assert.match(reported(server({ block }), without('rules')).join(), /webServer\/rewrite\/rules is not/);
    const noGroup = bare({ declared: sections.replace(/<sectionGroup name="rewrite">.*/, '') });
    assert.match(reported(server({ block }), noGroup).join(), /system\.webServer\/rewrite is not declared/);
    const [site] = planRestore(without('aspNetCore'), exportAll(server({ block }))).sites;
    assert.deepEqual([site?.refused, site?.changes], [true, []]);
  });

  it('include FTP, whose element in the site only its role service knows', () => {
    const site = siteXml('a', 1).replace('<bindings>', '<ftpServer serverAutoStart="true" /><bindings>');
    const noFtp = bare({ declared: sections.replace(/<sectionGroup name="system.ftpServer">.*/, '') });
    assert.deepEqual(reported(server({ site }), bare()), []);
    assert.match(reported(server({ site }), noFtp).join(), /^SectionUndeclared site\/ftpServer: /);
  });
});

describe('modules, handlers and programs that a site uses', () => {
  const installed =
    '<globalModules><add name="RewriteModule" /></globalModules><modules><add name="FastCgiModule" /></modules>';
  const php = 'C:\\php\\php-cgi.exe|-d x';
  const handler = (modules: string, program = ''): string =>
    inWebServer(
      `<handlers><add name="h" path="*.x" modules="${modules}" scriptProcessor="${program}" /></handlers>`,
    );

  it('are reported where the server lacks the native module', () => {
    const block = inWebServer(
      '<modules><add name="rewritemodule" /><add name="Gone" /><add name="Managed" type="A.B" /></modules>',
    );
    assert.deepEqual(reported(server({ block }), bare({ server: installed })), [
      'ModuleMissing location[path=a]/system.webServer/modules/add[name=Gone]/@name: ' +
        'The module Gone is not installed on this server',
    ]);
  });

  it('are reported where a handler needs a module that no request goes through', () => {
    const block = handler('FastCgiModule, Other');
    assert.deepEqual(reported(server({ block }), bare({ server: installed })), [
      'ModuleMissing location[path=a]/system.webServer/handlers/add[name=h]/@modules: ' +
        'The handler needs the module Other, which this server lacks',
    ]);
  });

  it('are reported where the program is not one of FastCGI, its path with or without variables', () => {
    const block = handler('FastCgiModule', php);
    const withPhp = `${installed}<fastCgi><application fullPath="%SystemDrive%\\PHP\\php-cgi.exe" arguments="-d x" /></fastCgi>`;
    assert.deepEqual(reported(server({ block }), bare({ server: withPhp })), []);
    assert.match(
      reported(server({ block }), bare({ server: installed })).join(),
      /^ProgramNotAllowed .*php-cgi/,
    );
  });

  it('are reported where the program is not an allowed ISAPI extension', () => {
    const block = handler('IsapiModule', '%windir%\\x.dll');
    const restriction = (xml: string): Configuration =>
      bare({
        server: `<modules><add name="IsapiModule" /></modules><security>${xml}</security>`,
      });
    const entry = (allowed: boolean): string =>
      `<isapiCgiRestriction><add path="C:\\Windows\\x.dll" allowed="${allowed}" /></isapiCgiRestriction>`;
    assert.deepEqual(reported(server({ block }), restriction(entry(true))), []);
    assert.equal(reported(server({ block }), restriction(entry(false))).length, 1);
    assert.equal(reported(server({ block }), restriction('')).length, 1);
    const all = '<isapiCgiRestriction notListedIsapisAllowed="true" />';
    assert.deepEqual(reported(server({ block }), restriction(all)), []);
  });
});

describe('what the primary has for all of its sites', () => {
  const rich =
    '<globalModules><add name="RewriteModule" /><add name="X" /></globalModules><handlers><add name="PHP" /></handlers>';

  it('is reported once where this server lacks it', () => {
    const site = siteXml('a', 1) + siteXml('b', 2);
    const target = bare({ server: '<globalModules><add name="X" /></globalModules>' });
    const plan = planRestore(target, exportAll(server({ site, server: rich })));
    assert.deepEqual(
      plan.findings.map(({ id, site: of, message }) => [id, of, message]),
      [
        ['ModuleMissing', '', 'PRIMARY has modules that this server lacks: RewriteModule'],
        ['HandlerMissing', '', 'PRIMARY has handlers that this server lacks: PHP'],
      ],
    );
    assert.deepEqual(planRestore(bare({ server: rich }), exportAll(server({ server: rich }))).findings, []);
  });

  it('is a web farm that a rewrite rule sends requests to', () => {
    const rule = (url: string): string => `<rule name="r"><action type="Rewrite" url="${url}" /></rule>`;
    const block = inWebServer(
      `<rewrite><rules>${rule('https://FARM/{R:0}')}${rule('http://host/x')}</rules></rewrite>`,
    );
    const farms = '<webFarm name="farm"><server address="10.0.0.1" /></webFarm>';
    const primary = server({ block, farms });
    assert.deepEqual(reported(primary, bare()), [
      'WebFarmMissing location[path=a]/system.webServer/rewrite/rules/rule[name=r]/action/@url: ' +
        'The rule sends requests to the web farm farm, which this server lacks',
    ]);
    assert.deepEqual(reported(primary, bare({ farms })), []);
  });
});

describe('paths of a site', () => {
  const at = (path: string): Configuration => server({ site: siteXml('a', 1).replace('C:\\web\\a', path) });

  it('are reported on a drive that the server lacks, after they were mapped', () => {
    const driveExists = (drive: string): boolean => drive === 'C:';
    assert.deepEqual(reported(at('e:\\web'), bare(), { driveExists }), [
      'DriveMissing site/application[path=/]/virtualDirectory[path=/]/@physicalPath: ' +
        'This server has no drive E: for e:\\web',
    ]);
    const pathMap = new Map([['E:\\', 'C:\\e']]);
    assert.deepEqual(reported(at('E:\\web'), bare(), { driveExists, pathMap }), []);
    for (const path of ['%SystemDrive%\\web', '\\\\server\\share', '/srv/web'])
      assert.deepEqual(reported(at(path), bare(), { driveExists }), []);
  });

  it('are reported where they hold a variable without a value, and are kept as they are', () => {
    const variables = new Map([['KNOWN', 'C:']]);
    assert.deepEqual(reported(at('%Known%\\web'), bare(), { variables }), []);
    assert.match(
      reported(at('%Sites%\\web'), bare(), { variables }).join(),
      /^VariableUnknown .*The variable %Sites% of %Sites%\\web has no known value here$/,
    );
  });
});
