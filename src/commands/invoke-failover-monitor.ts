import { change } from './definition.ts';
import { dashboardRequest } from './support/dashboard.ts';
import { planWatch, watch, type WatchPlan } from './support/continuous.ts';
import { monitorOutput } from './support/monitor-output.ts';
import { nameParameter } from './support/name-parameter.ts';
import { applyRound, type MonitorStep, planSingleRound, type RoundPlan } from './support/single-round.ts';

export const invokeFailoverMonitor = change({
  kind: 'change',
  verb: 'Invoke',
  noun: 'FailoverMonitor',
  synopsis: 'Checks every site, once or continuously, and moves DNS records where a primary is down or back.',
  description: [
    'One round, as a scheduled task runs it: probe each site on both servers, probe again before a failure is ' +
      'believed, decide, change the DNS records, read them back from every name server, save the state, and emit one ' +
      'event for each site.',
    '-Continuous checks each site at its own interval, from a quarter of a second to hours, and emits an event when ' +
      "a server's state or the reason of a decision changes, when records are switched, and when the monitor itself " +
      'meets a fault. A changed settings file is applied at once; a broken one is reported and changes nothing. With ' +
      '-WhatIf it says what it would do, for as long as it runs, and changes nothing.',
    'One monitor at a time uses a state folder: a second one ends with MonitorRunning.',
    'A site moves to the failover server only when its primary is down and the failover server is up. Where both are ' +
      'down, or where something could not be checked, nothing is changed. A site that was switched by hand stays.',
  ],
  parameters: {
    Name: nameParameter('Sites to check.', 'All sites of the settings.'),
    Continuous: {
      type: 'switch',
      help: 'Watches until it is stopped (Ctrl+C), and emits an event whenever something changes.',
    },
    DashboardAddress: {
      type: 'string',
      help:
        'With -Continuous: serves a page with the state of all sites at this address and port, such as 127.0.0.1:8787. ' +
        'The first event, Dashboard, has its address with a token, without which nothing is shown.',
    },
    DashboardTokenFile: {
      type: 'path',
      help: 'A file with the token to use, for a dashboard whose address is to stay the same.',
      defaultText: 'A new token each time.',
    },
  },
  output: monitorOutput,
  confirmImpact: 'Medium',
  examples: [
    {
      title: 'One round of all sites',
      code: 'Invoke-FailoverMonitor -SettingsPath .\\failover.json',
      explanation: 'What the scheduled task of the monitoring server runs every few minutes.',
    },
    {
      title: 'What would a round do?',
      code: 'Invoke-FailoverMonitor -SettingsPath .\\failover.json -WhatIf',
      explanation: 'Probes and decides, and shows the switches without making them.',
    },
    {
      title: 'Watch until something happens',
      code: 'Invoke-FailoverMonitor -SettingsPath .\\failover.json -Continuous | Select-Object -First 1',
      explanation: 'Without Select-Object it runs until Ctrl+C; a service or a task at start-up runs it so.',
    },
    {
      title: 'Would the monitor have decided rightly?',
      code: 'Invoke-FailoverMonitor -SettingsPath .\\failover.json -Continuous -WhatIf | Select-Object -First 1',
      explanation:
        'Shadow mode: watches beside what is in use today, reports WouldSwitch, and changes nothing.',
    },
    {
      title: 'Watch with a live page',
      code:
        'Invoke-FailoverMonitor -SettingsPath .\\failover.json -Continuous -DashboardAddress 127.0.0.1:0 | ' +
        'Select-Object -First 1 -ExpandProperty Message',
      explanation: 'Says where the page is. Port 0 takes any free port; without Select-Object it runs on.',
    },
  ],
  related: ['Switch-FailoverSite', 'Test-FailoverSite', 'Get-FailoverSite'],

  async plan(parameters, context): Promise<RoundPlan | WatchPlan> {
    const dashboard = await dashboardRequest(parameters, context);
    if (parameters.Continuous === true) return planWatch(parameters.Name, dashboard, context);
    return planSingleRound(parameters.Name, context);
  },

  async *apply(approved, plan, context) {
    if (plan.kind === 'round') yield* applyRound(approved as MonitorStep[], plan, context);
    else if (approved.length > 0 || context.whatIf) yield* watch(plan, context);
  },
});
