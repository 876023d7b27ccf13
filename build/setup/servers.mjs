import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { SetupError, findProgram, run, say } from './tools.mjs';

// What the end-to-end tests start, and the Debian packages that have it.
const programs = [
  { name: 'named', package: 'bind9' },
  { name: 'dig', package: 'bind9-dnsutils' },
  { name: 'knotd', package: 'knot' },
  { name: 'pdns_server', package: 'pdns-server pdns-backend-sqlite3' },
  { name: 'sqlite3', package: 'sqlite3' },
  { name: 'nginx', package: 'nginx-light' },
  { name: 'ip', package: 'iproute2' },
  { name: 'nft', package: 'nftables' },
  { name: 'mkntfs', package: 'ntfs-3g' },
  { name: 'setfacl', package: 'acl' },
  { name: 'smbd', package: 'samba samba-vfs-modules' },
  { name: 'samba', package: 'samba' },
  {
    name: 'the files of a Samba domain controller',
    file: '/usr/share/samba/setup/ad-schema',
    package: 'samba-ad-provision samba-dsdb-modules',
  },
  { name: 'smbcacls', package: 'smbclient' },
  { name: 'chromium', package: 'chromium' },
  { name: 'systemctl', package: 'systemd' },
  { name: 'promtool', package: 'prometheus' },
];

/** Installs the servers of the end-to-end tests: on Debian and its kin, as root. */
export function ensureServers({ required }) {
  const missing = missingPrograms();
  if (missing.length === 0) return;
  const packages = missing.flatMap((program) => program.package.split(' '));
  const names = missing.map(({ name }) => name).join(', ');
  if (canInstall()) {
    say(`installing ${packages.join(', ')} (the end-to-end tests start them on their own)`);
    try {
      install(packages);
      return;
    } catch (error) {
      if (required || !(error instanceof SetupError)) throw error;
      say(error.message);
    }
  }
  const remedy = `apt-get install ${packages.join(' ')}`;
  if (required) throw new SetupError(`The end-to-end tests need ${names}: ${remedy} (Debian, as root).`);
  say(`the end-to-end tests will be skipped: ${names} missing (Debian: ${remedy})`);
}

function missingPrograms() {
  return programs.filter(({ name, file }) => (file ? !existsSync(file) : findProgram(name) === undefined));
}

export function canInstall() {
  return findProgram('apt-get') !== undefined && process.getuid?.() === 0;
}

/** Installs Debian packages without starting any service. */
export function install(packages) {
  // Debian's maintainer scripts ask this file whether they may start a service: no, 101.
  const policy = '/usr/sbin/policy-rc.d';
  const isOurs = !existsSync(policy);
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-q'], { env });
    run('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], { env });
  } finally {
    if (isOurs) rmSync(policy);
  }
}
