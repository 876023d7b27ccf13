import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bindSettings, loadSettings, openSecret, settingsPath } from '../../src/settings/load.ts';
import type { Settings } from '../../src/settings/schema.ts';
import { starterSettings, starterSite } from '../../src/settings/starter.ts';
import { validateSettings } from '../../src/settings/validate.ts';
import { failure } from '../iis/samples.ts';

const empty: Settings = { servers: [], sites: [] };

describe('where the settings file is', () => {
  it('is the parameter, then the environment, then ProgramData', () => {
    const programData = '/programdata';
    assert.deepEqual(settingsPath({ parameter: '/a', environment: '/b', programData }), {
      path: '/a',
      named: true,
    });
    assert.deepEqual(settingsPath({ environment: '/b', programData }), { path: '/b', named: true });
    assert.deepEqual(settingsPath({ environment: '', programData }), {
      path: join(programData, 'IisFailover', 'failover.json'),
      named: false,
    });
    assert.deepEqual(settingsPath({}), { path: '/etc/iisfailover/failover.json', named: false });
  });
});

describe('a settings file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'settings-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('that is missing has its own error', async () => {
    await assert.rejects(
      loadSettings(join(folder, 'x.json')),
      failure('SettingsNotFound', /no settings file/),
    );
  });

  it('with faults names the first five with their places', async () => {
    const path = join(folder, 'failover.json');
    await writeFile(path, '{ "a": 1, "b": 1, "c": 1, "d": 1, "e": 1, "f": 1, "servers": [], "sites": [] }');
    await assert.rejects(
      loadSettings(path),
      failure('SettingsInvalid', /failover\.json\(1,3\): .*; and \d+ more$/),
    );
  });

  it('is the start of relative paths; drives and shares stay as they are', () => {
    const loaded = bindSettings(join(folder, 'failover.json'), empty);
    assert.equal(loaded.resolvePath('key.txt'), join(folder, 'key.txt'));
    assert.equal(loaded.resolvePath('\\\\failover\\failover$'), '\\\\failover\\failover$');
    assert.equal(loaded.resolvePath('D:\\backup'), 'D:\\backup');
  });

  it('refers to secrets in files, without their last line break', async () => {
    const loaded = bindSettings(join(folder, 'failover.json'), empty);
    await writeFile(join(folder, 'secret.txt'), '\uFEFFp\u00e4ss word\r\n');
    assert.equal((await openSecret(loaded, { file: 'secret.txt' })).reveal(), 'p\u00e4ss word');
    await writeFile(join(folder, 'secret.txt'), '\n');
    await assert.rejects(openSecret(loaded, { file: 'secret.txt' }), failure('SecretEmpty', /is empty/));
    await assert.rejects(openSecret(loaded, { file: 'none.txt' }), failure('FileNotFound', /none\.txt/));
  });
});

describe('a starter file', () => {
  const binding = (protocol: string, address: string, port: number, hostName: string) => ({
    protocol,
    bindingInformation: `${address}:${port}:${hostName}`,
    sslFlags: 0,
    endpoint: { address, port, hostName },
  });
  const site = { name: 'a "quoted" site', id: 1, serverAutoStart: true, applications: [], line: 1 };

  it('is valid and holds host names and ports of the bindings', () => {
    const bindings = [
      binding('https', '*', 8443, 'Site1.com'),
      binding('https', '*', 8443, 'site1.COM'),
      binding('net.tcp', '*', 808, 'x'),
    ];
    const starter = starterSite({ ...site, bindings });
    assert.deepEqual(starter, { name: site.name, hostNames: ['site1.COM'], scheme: 'https', port: 8443 });
    const text = starterSettings([starter], {
      schema: 'file:///failover.schema.json',
      configurationFile: 'C:\\x.config',
      primary: { name: 'P', addresses: ['10.1.1.1'] },
      failover: { name: 'F', addresses: ['10.1.1.2', '2001:db8::2'] },
      dnsServers: ['10.1.1.3'],
      backupFolder: '\\\\F\\failover$',
    });
    const { settings, problems } = validateSettings(text);
    assert.deepEqual(problems, []);
    assert.deepEqual(settings?.sites, [
      { name: site.name, hostNames: ['site1.COM'], healthCheck: { scheme: 'https', port: 8443 } },
    ]);
    assert.equal(settings?.backup?.folder, '\\\\F\\failover$');
  });

  it('prefers http, and has no health check where the defaults say the same', () => {
    const bindings = [binding('https', '*', 443, 'a'), binding('http', '*', 80, 'b')];
    assert.deepEqual(starterSite({ ...site, bindings }), {
      name: site.name,
      hostNames: ['a', 'b'],
      scheme: 'http',
      port: 80,
    });
  });
});
