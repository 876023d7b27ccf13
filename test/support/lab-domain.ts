import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { startServer } from './lab-server.ts';

const run = promisify(execFile);
const address = '127.0.0.1';

/** What a machine lacks for an Active Directory domain of Samba, in words. */
export function missingDomain(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'root on Linux (Samba)';
  if (!existsSync('/usr/sbin/samba')) return 'samba (package samba)';
  if (!existsSync('/usr/share/samba/setup/ad-schema')) return 'the AD schema (package samba-ad-provision)';
  const modules = /^\s*MODULESDIR: (.*)$/m.exec(execFileSync('samba', ['-b'], { encoding: 'utf8' }))?.[1];
  return existsSync(join(modules ?? '', 'ldb', 'samba_dsdb.so'))
    ? undefined
    : "AD's database modules (package samba-dsdb-modules)";
}

/** A domain with one controller: Samba's KDC and DNS server on high ports of 127.0.0.1, and nothing else of it. */
export interface LabDomain {
  /** `ad.example.test`, which is a zone in AD that takes secure updates only. */
  readonly zone: string;
  readonly realm: string;
  readonly dnsPort: number;
  /** For KRB5_CONFIG. */
  readonly krb5Config: string;
  /** Makes an account, with the service principals given, and gives its keytab. */
  addAccount(name: string, ...services: readonly string[]): Promise<string>;
  /** Lets an account write one record of the zone, as docs/dns.md says. */
  grant(account: string, record: string): Promise<void>;
  samba(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

export async function startLabDomain(): Promise<LabDomain> {
  const folder = await mkdtemp(join(tmpdir(), 'iisfailover-domain-'));
  const zone = 'ad.example.test';
  const realm = zone.toUpperCase();
  const configuration = join(folder, 'run.conf');
  const krb5Config = join(folder, 'krb5.conf');
  const [dnsPort, kdcPort, passwordPort] = [await freePort(), await freePort(), await freePort()];
  try {
    await writeFile(join(folder, 'empty.conf'), '');
    await run(
      'samba-tool',
      [
        ...['domain', 'provision', '-s', join(folder, 'empty.conf'), `--targetdir=${join(folder, 'dc')}`],
        ...[`--realm=${realm}`, '--domain=AD', '--server-role=dc', '--dns-backend=SAMBA_INTERNAL'],
        ...['--adminpass=Passw0rd.of.the.lab', '--host-name=dc1', `--host-ip=${address}`, '--use-rfc2307'],
      ],
      { timeout: 240_000 },
    );
    await writeFile(
      configuration,
      sambaConfiguration(join(folder, 'dc'), realm, dnsPort, kdcPort, passwordPort),
    );
    await writeFile(krb5Config, kerberosConfiguration(realm, kdcPort));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const dig = ['+short', '+time=1', '+tries=1', `@${address}`, '-p', String(dnsPort), zone, 'SOA'];
  const args = ['-i', '-M', 'single', '-s', configuration];
  const server = await startServer('/usr/sbin/samba', args, folder, async () =>
    (await run('dig', dig)).stdout.startsWith('dc1.'),
  );
  const samba = async (...words: readonly string[]): Promise<string> =>
    (await run('samba-tool', [...words, '-s', configuration], { timeout: 60_000 })).stdout;
  return {
    zone,
    realm,
    dnsPort,
    krb5Config,
    samba,
    stop: () => server.stop(),
    async grant(account, record) {
      const sid = /^objectSid: (\S+)$/m.exec(await samba('user', 'show', account))?.[1];
      const place = 'CN=MicrosoftDNS,DC=DomainDnsZones,DC=ad,DC=example,DC=test';
      const object = `--objectdn=DC=${record},DC=${zone},${place}`;
      await samba(
        'dsacl',
        'set',
        object,
        `--sddl=(A;;RPWPRCSD;;;${sid})`,
        '-H',
        `${join(folder, 'dc')}/private/sam.ldb`,
      );
    },
    async addAccount(name, ...services) {
      await samba('user', 'create', name, '--random-password');
      const keytab = join(folder, `${name}.keytab`);
      for (const service of services) await samba('spn', 'add', service, name);
      for (const principal of services.length > 0 ? services : [`${name}@${realm}`])
        await samba('domain', 'exportkeytab', keytab, `--principal=${principal}`);
      return keytab;
    },
  };
}

function sambaConfiguration(
  folder: string,
  realm: string,
  dnsPort: number,
  kdcPort: number,
  passwordPort: number,
): string {
  const places = {
    'binddns dir': 'bind-dns',
    'cache directory': 'cache',
    'lock directory': '',
    'pid directory': '',
    'private dir': 'private',
    'state directory': 'state',
    'ncalrpc dir': 'ncalrpc',
    'ntp signd socket directory': 'ntp',
    'winbindd socket directory': 'winbindd',
  };
  return [
    '[global]',
    ...Object.entries(places).map(([name, place]) => `${name} = ${join(folder, place)}`),
    `log file = ${join(folder, 'log.%m')}`,
    `netbios name = DC1\nrealm = ${realm}\nworkgroup = AD`,
    'server role = active directory domain controller',
    'server services = dns, kdc',
    `interfaces = ${address}/8\nbind interfaces only = yes`,
    `dns port = ${dnsPort}\nkrb5 port = ${kdcPort}\nkpasswd port = ${passwordPort}`,
    'allow dns updates = secure only',
    '',
  ].join('\n');
}

function kerberosConfiguration(realm: string, kdcPort: number): string {
  return [
    `[libdefaults]\ndefault_realm = ${realm}\ndns_lookup_realm = false\ndns_lookup_kdc = false`,
    `[realms]\n${realm} = {\nkdc = ${address}:${kdcPort}\n}`,
    '',
  ].join('\n');
}
