import { describeChanges } from '../../dns/index.ts';
import { answerLatency } from '../../failover/observe.ts';
import type { Confirmation } from '../../failover/confirm.ts';
import { leadingStandby } from '../../failover/leading-standby.ts';
import type { SiteRound } from '../../failover/round.ts';
import type { SwitchResult } from '../../failover/switch-apply.ts';
import type { FailoverError } from '../../model/failover-error.ts';
import type { MonitorEvent, OwnEvent, ServerReport, SiteEvent } from '../../monitor/events.ts';
import { output } from '../output.ts';
import { capitalise } from './words.ts';

export const monitorOutput = output(
  'IisFailover.MonitorEvent',
  {
    Time: { type: 'datetime', help: 'When the site was decided on.' },
    Event: {
      type: 'string',
      help:
        'Round for each site of a single round. Of the continuous monitor: Dashboard, Started, Transition, Switch, ' +
        'Confirmed, WouldSwitch ' +
        '(-WhatIf), Fault, Recovered, Settings or Clock.',
    },
    Name: { type: 'string', help: 'The site; empty for what concerns the monitor itself.' },
    Action: { type: 'string', help: 'None, Failover or Failback.' },
    Target: { type: 'string', help: 'Where its records point now: Primary, Failover or Unknown.' },
    ServedBy: { type: 'string', help: 'The name of that server; empty where it is not known.' },
    Primary: { type: 'string', help: 'Up, Degraded, Down or Unknown.' },
    Failover: {
      type: 'string',
      help: 'The same of the failover server; of several, the one that serves the site, else the best of them.',
    },
    PrimaryServer: { type: 'string', help: 'The name of its primary server.' },
    FailoverServer: { type: 'string', help: 'The name of that failover server.' },
    Standby: { type: 'string[]', help: 'The state of each of its failover servers, as in STANDBY1: Up.' },
    Reason: { type: 'string', help: 'Why it was decided so; one word for scripts.' },
    Message: { type: 'string', help: 'The same as a sentence.' },
    PrimaryError: { type: 'string', help: 'What the primary answered where it is not up.' },
    FailoverError: { type: 'string', help: 'What the failover server answered where it is not up.' },
    PrimaryLatency: {
      type: 'timespan',
      help: 'How long the last answer of the primary took; empty where none came.',
    },
    FailoverLatency: { type: 'timespan', help: 'The same of the failover server.' },
    RecordChange: { type: 'string[]', help: 'The records that were changed, or would be.' },
    Confirmed: {
      type: 'bool',
      help: 'True where every name server shows the change, also one of an earlier round; empty without.',
    },
    Duration: { type: 'timespan', help: 'From the update to its confirmation; empty without a change.' },
    ExpectedRecovery: {
      type: 'timespan',
      help:
        'After the confirmation: when also visitors behind resolvers that keep answers longest reach the other server ' +
        '(from the TTL of the old records); empty without a change.',
    },
  },
  [
    { property: 'Time', width: 20 },
    { property: 'Name', width: 24 },
    { property: 'Action', width: 9 },
    { property: 'Target', width: 9 },
    { property: 'Primary', width: 8 },
    { property: 'Failover', width: 9 },
    { property: 'Message' },
  ],
);

/** An event as an object for the pipeline. */
export function eventObject(event: MonitorEvent) {
  return event.site === undefined ? ownObject(event) : siteObject(event);
}

/** A site's part of a round as an event. */
export function roundEvent(
  round: SiteRound,
  result: SwitchResult | undefined,
  confirmation: Confirmation | undefined,
  time: Date,
): SiteEvent {
  const { site, primary, decision, planned, error } = round;
  const moved = result?.switched === true ? planned : undefined;
  const server = moved?.toServer ?? round.server;
  const standbys = round.standbys.map(serverReport);
  return {
    kind: 'Round',
    time,
    site,
    target: moved?.to ?? round.target,
    server,
    primary: serverReport(primary),
    failover: leadingStandby(standbys, server),
    standbys,
    decision,
    planned,
    result,
    error,
    confirmation,
  };
}

/** Where the dashboard is: with its token, so that no log may have it. */
export function dashboardObject(message: string, time: Date): ReturnType<typeof eventObject> {
  return ownObject({ kind: 'Dashboard', time, site: undefined, message, error: undefined });
}

function serverReport(seen: SiteRound['primary']): ServerReport {
  const { result } = seen;
  return {
    server: seen.server.name,
    state: seen.held.state,
    error: result.error ?? result.warning,
    latencyMs: answerLatency(seen),
  };
}

function siteObject(event: SiteEvent) {
  const { decision, planned, result, confirmation } = event;
  const moves = result?.switched === true || event.kind === 'WouldSwitch';
  const fault = result?.switched === false ? (result.errors[0] ?? event.error) : undefined;
  const shown = event.kind === 'Fault' ? (fault ?? event.error) : fault;
  const lagging =
    confirmation?.message ?? (result?.switched === true ? result.errors[0]?.message : undefined);
  const recovery = moves ? planned?.recovery : undefined;
  return {
    Time: event.time,
    Event: event.kind,
    Name: event.site,
    Action: moves ? capitalise(decision.action) : 'None',
    Target: capitalise(event.target),
    ServedBy: event.server ?? null,
    Primary: capitalise(event.primary.state),
    Failover: capitalise(event.failover.state),
    PrimaryServer: event.primary.server,
    FailoverServer: event.failover.server,
    Standby: event.standbys.map((one) => `${one.server}: ${capitalise(one.state)}`),
    Reason: shown?.id ?? decision.reason,
    Message:
      failedWords(shown, result) ??
      (lagging === undefined ? decision.message : `${decision.message} ${lagging}`),
    PrimaryError: event.primary.error,
    FailoverError: event.failover.error,
    PrimaryLatency: event.primary.latencyMs,
    FailoverLatency: event.failover.latencyMs,
    RecordChange: describeChanges(
      event.kind === 'WouldSwitch' ? (planned?.changes ?? []) : (result?.made ?? []),
    ),
    Confirmed: result?.confirmed ?? confirmation?.confirmed ?? null,
    Duration: result === undefined ? null : result.durationMs,
    ExpectedRecovery: recovery === undefined ? null : recovery.worst * 1000,
  };
}

/** What failed, and whether visitors of other zones or views have moved all the same. */
function failedWords(fault: FailoverError | undefined, result: SwitchResult | undefined): string | undefined {
  if (fault === undefined || result === undefined || result.switched || result.made.length === 0)
    return fault?.message;
  return `${fault.message}. The switch was made in part: ${result.missing.join('; ')}`;
}

function ownObject(event: OwnEvent) {
  return {
    Time: event.time,
    Event: event.kind,
    Name: null,
    Action: 'None',
    Target: null,
    ServedBy: null,
    Primary: null,
    Failover: null,
    PrimaryServer: null,
    FailoverServer: null,
    Standby: [],
    Reason: event.error?.id ?? event.kind,
    Message: event.message,
    PrimaryError: null,
    FailoverError: null,
    PrimaryLatency: null,
    FailoverLatency: null,
    RecordChange: [],
    Confirmed: null,
    Duration: null,
    ExpectedRecovery: null,
  };
}
