import type { FailbackWindow, FlapPolicy, SwitchPolicy } from '../health/index.ts';
import type { MonitorSettings, SiteMonitorSettings } from '../settings/schema.ts';
import type { FleetSite } from './fleet.ts';

/** A scheduled round sees a site every few minutes, the continuous monitor every few seconds. */
export type MonitorMode = 'round' | 'continuous';

/** The settings of the monitor with their defaults. */
export interface MonitorPolicy {
  readonly switching: SwitchPolicy;
  readonly window: FailbackWindow | undefined;
  readonly flap: FlapPolicy;
  readonly mass: MassPolicy;
}

export interface MassPolicy {
  /** bySuspicion refuses only what one primary server that is down does not explain. */
  readonly policy: 'refuse' | 'allow' | 'bySuspicion';
  /** Share of the watched sites, from 0 to 1. */
  readonly threshold: number;
  /** How long a site that is down waits for others to fail; 0 in rounds, which see all sites at once. */
  readonly settleMs: number;
}

const minuteMs = 60_000;

/** The policy of each site: that of all sites, with what the site has otherwise. */
export function sitePolicies(
  settings: MonitorSettings | undefined,
  mode: MonitorMode,
): (site: Pick<FleetSite, 'monitor'>) => MonitorPolicy {
  const common = monitorPolicy(settings, mode);
  const own = new WeakMap<SiteMonitorSettings, MonitorPolicy>();
  return ({ monitor }) => {
    if (monitor === undefined) return common;
    const policy = own.get(monitor) ?? monitorPolicy({ ...settings, ...monitor }, mode);
    own.set(monitor, policy);
    return policy;
  };
}

export function monitorPolicy(settings: MonitorSettings = {}, mode: MonitorMode): MonitorPolicy {
  const { failbackWindow, flapping, massFailure } = settings;
  const round = mode === 'round';
  return {
    switching: {
      failback: settings.failback ?? 'automatic',
      failbackAfter: settings.failbackAfter ?? (round ? 1 : 10),
      warmUpMs: (settings.warmUpSeconds ?? 0) * 1000,
      holdMs: (settings.holdSeconds ?? (round ? 0 : 60)) * 1000,
    },
    window:
      failbackWindow === undefined
        ? undefined
        : {
            days: failbackWindow.days ?? [],
            from: failbackWindow.from,
            to: failbackWindow.to,
            timeZone: failbackWindow.timeZone,
          },
    flap: {
      limit: flapping?.failovers ?? 3,
      windowMs: (flapping?.withinMinutes ?? 60) * minuteMs,
      lockoutMs: (flapping?.lockoutMinutes ?? 30) * minuteMs,
      maximumMs: Math.max(24 * 60, flapping?.lockoutMinutes ?? 0) * minuteMs,
    },
    mass: {
      policy: massFailure?.policy ?? 'bySuspicion',
      threshold: (massFailure?.thresholdPercent ?? 50) / 100,
      settleMs: round ? 0 : (massFailure?.settleSeconds ?? 0) * 1000,
    },
  };
}
