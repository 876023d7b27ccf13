import assert from 'node:assert/strict';
import { parse as parseIis7, serverText } from '../iis/samples.ts';
import { aspNet, findings, text } from './migrating.ts';
import { custom, exportAll, metabaseText, node, parse } from './samples.ts';

describe('what becomes of settings of IIS 6 that IIS 7 has otherwise', () => {
  it('names the version of ASP.NET by the newest that its applications use, and reports two', () => {
    const mixed = exportAll(
      parse(
        metabaseText(
          [
            { id: 1, name: 'a.com', root: { AppPoolId: 'p', ScriptMaps: aspNet('v4.0.30319') } },
            {
              id: 2,
              name: 'b.com',
              server: { ServerBindings: ':81:' },
              root: { AppPoolId: 'P', ScriptMaps: aspNet('v2.0.50727') },
            },
            {
              id: 3,
              name: 'c.com',
              server: { ServerBindings: ':82:' },
              root: { AppPoolId: 'p', ScriptMaps: '' },
            },
          ],
          { pools: node('IIsApplicationPool', '/LM/W3SVC/AppPools/p') },
        ),
      ),
    );
    const target = serverText({});
    assert.match(text(parseIis7(target), mixed), /name="p" managedRuntimeVersion="v4.0"/);
    assert.match(findings(parseIis7(target), mixed), /^RuntimesMixed b.com/m);
  });

  it('writes for the site what an administrator changed for all sites, and MIME types that the target lacks', () => {
    const of = exportAll(
      parse(
        metabaseText([{ id: 1, name: 'a.com' }], {
          service: { AspEnableParentPaths: 'TRUE', AspScriptTimeout: '90', AspSessionTimeout: '30' },
        }).replace(
          '<IIsWebService',
          `${node('IIsMimeMap', '/LM/MimeMap', { MimeMap: '.TXT,text/plain\n\t\t\t.own,text/x-own' })}$&`,
        ),
      ),
    );
    const target = serverText({
      locations:
        '<system.webServer><staticContent><mimeMap fileExtension=".txt" mimeType="text/plain" /></staticContent></system.webServer>',
    });
    const written = text(parseIis7(target), of);
    assert.match(written, /<asp enableParentPaths="true">\s*<session timeout="00:30:00" \/>\s*<\/asp>/);
    assert.match(written, /<mimeMap fileExtension=".own" mimeType="text\/x-own" \/>/);
    assert.doesNotMatch(written, /\.TXT/);
  });

  it('writes no value that the schema of IIS 7 refuses: each is reported', () => {
    const bad = {
      server: {
        ConnectionTimeout: '99999',
        LogFileTruncateSize: '5',
        LogFilePeriod: '9',
        MaxBandwidth: '1000',
      },
      root: {
        AppPoolId: 'p',
        AspQueueConnectionTestTime: '0',
        AspSessionTimeout: '999999',
        HttpErrors: '302,*,FILE,C:\\x',
      },
    };
    const of = exportAll(
      parse(
        metabaseText([{ id: 1, name: 'a.com', ...bad }], {
          pools: node('IIsApplicationPool', '/LM/W3SVC/AppPools/p', {
            AppPoolQueueLength: '5',
            CPULimit: '100001',
            PeriodicRestartSchedule: '24:00',
            PingInterval: 'soon',
            RapidFailProtectionInterval: '0',
          }),
        }),
      ),
    );
    const written = text(parseIis7(serverText({})), of);
    assert.doesNotMatch(
      written,
      /limits|logFile period|<session|queueLength|<cpu|<failure|pingInterval|<schedule|<httpErrors/,
    );
    const found = findings(parseIis7(serverText({})), of);
    for (const name of Object.keys({
      ...bad.server,
      AspQueueConnectionTestTime: 0,
      AspSessionTimeout: 0,
      HttpErrors: 0,
    }))
      assert.match(found, new RegExp(`SettingNotMigrated .*@${name}:`));
    for (const name of [
      'AppPoolQueueLength',
      'CPULimit',
      'PeriodicRestartSchedule',
      'PingInterval',
      'RapidFailProtectionInterval',
    ])
      assert.match(found, new RegExp(`SettingNotMigrated .*AppPools/p/@${name}:`));
  });

  it('reports what IIS 7 has no like of, and only that', () => {
    const of = exportAll(
      parse(
        metabaseText([
          {
            id: 1,
            name: 'a/b: c',
            root: {
              AnonymousUserName: 'IUSR_PRIMARY',
              AppFriendlyName: 'Default',
              AspPartitionID: 'x',
              AuthFlags: 'AuthPassport',
              HttpErrors: '404,*,MAIL,x',
              IPSecurity: '1800',
              Odd: '1',
              ScriptMaps: '.php,C:\\php\\php5isapi.dll,5,GET\n\t\t\t.php5,C:\\php\\php5isapi.dll,5,GET',
            },
            nodes:
              node('IIsFilter', '/LM/W3SVC/{id}/Filters/Scan', { FilterPath: 'C:\\scan.dll' }) +
              node('IIsConfigObject', '/LM/W3SVC/{id}/ROOT/x', {}, custom('Mine', 9001, 'v')),
          },
        ]),
      ),
    );
    const found = findings(parseIis7(serverText({})), of);
    for (const line of [
      'SiteRenamed a_b_ c site/@name',
      'AccountReplaced a_b_ c /LM/W3SVC/1/root/@AnonymousUserName: Anonymous visitors are IUSR here',
      'SettingNotMigrated a_b_ c /LM/W3SVC/1/root/@AspPartitionID: COM\\+ services',
      'SettingNotMigrated a_b_ c /LM/W3SVC/1/root/@AuthFlags: IIS 7 has no Passport',
      'SettingNotMigrated a_b_ c /LM/W3SVC/1/root/@HttpErrors: The custom error 404,\\*,MAIL,x',
      'SettingNotMigrated a_b_ c /LM/W3SVC/1/root/@IPSecurity',
      'SettingNotMigrated a_b_ c /LM/W3SVC/1/root: Odd is a property',
      'SettingNotMigrated a_b_ c /LM/W3SVC/1/ROOT/x: Mine is a property',
      'ScriptMapNotMigrated a_b_ c /LM/W3SVC/1/root/@ScriptMaps: .php, .php5 are run by C:\\\\php\\\\php5isapi.dll',
      'FilterNotMigrated a_b_ c /LM/W3SVC/1/Filters/Scan',
    ])
      assert.match(found, new RegExp(`^${line}`, 'm'));
    assert.doesNotMatch(found, /AppFriendlyName|AppRoot/);
  });
});
