import { isIP } from 'node:net';
import { socketAddress } from '../model/socket-address.ts';
import type { Settings } from './schema.ts';
import { checkNotify } from './validate-notify.ts';

/** Rules of the monitor's settings beyond their form: addresses, server names, time zones. */
export function checkMonitor(settings: Settings): { path: (string | number)[]; message: string }[] {
  const { referenceTargets = [], failbackWindow, metrics } = settings.monitor ?? {};
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
  const windows = [
    { window: failbackWindow, path: [] },
    ...settings.sites.map(({ monitor }, i) => ({ window: monitor?.failbackWindow, path: ['sites', i] })),
  ];
  for (const { window, path } of windows)
    if (window?.timeZone !== undefined && !isTimeZone(window.timeZone))
      findings.push({
        path: [...path, 'monitor', 'failbackWindow', 'timeZone'],
        message: `${window.timeZone} is not a time zone that this machine knows`,
      });
  return [
    ...findings,
    ...checkMetrics(metrics).map((message) => ({ path: ['monitor', 'metrics', 'address'], message })),
    ...checkNotify(settings),
  ];
}

function checkMetrics(metrics: NonNullable<Settings['monitor']>['metrics']): string[] {
  if (metrics === undefined) return [];
  const parsed = socketAddress(metrics.address);
  if (parsed === undefined)
    return [`${metrics.address} is not an IP address and a port, such as 127.0.0.1:9797 or [::1]:9797`];
  if (parsed.loopback || metrics.token !== undefined) return [];
  return ['Other machines reach this address: give a token as well, or use 127.0.0.1'];
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
