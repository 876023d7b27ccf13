import { isIP } from 'node:net';
import type { Settings } from './schema.ts';
import { checkNotify } from './validate-notify.ts';

/** Rules of the monitor's settings beyond their form: addresses, server names, time zones. */
export function checkMonitor(settings: Settings): { path: (string | number)[]; message: string }[] {
  const { referenceTargets = [], failbackWindow } = settings.monitor ?? {};
  const names = new Set(settings.servers.map((server) => server.name.toLowerCase()));
  const findings = referenceTargets.flatMap(({ address, servers = [] }, i) => {
    const path = ['monitor', 'referenceTargets', i];
    return [
      ...(isIP(address) === 0
        ? [{ path: [...path, 'address'], message: `${address} is not an IPv4 or IPv6 address` }]
        : []),
      ...servers.flatMap((name, j) =>
        names.has(name.toLowerCase())
          ? []
          : [{ path: [...path, 'servers', j], message: `There is no server ${name}` }],
      ),
    ];
  });
  const zone = failbackWindow?.timeZone;
  if (zone !== undefined && !isTimeZone(zone))
    findings.push({
      path: ['monitor', 'failbackWindow', 'timeZone'],
      message: `${zone} is not a time zone that this machine knows`,
    });
  return [...findings, ...checkNotify(settings)];
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
