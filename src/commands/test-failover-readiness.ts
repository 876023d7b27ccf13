import { type CheckResult, checkNames, type CheckName } from '../readiness/index.ts';
import { query } from './definition.ts';
import { output } from './output.ts';
import { backupParameters } from './support/backup-parameters.ts';
import { nameParameter } from './support/name-parameter.ts';
import { readinessChecks } from './support/readiness.ts';
import { wildcardPattern } from './support/wildcard.ts';

export const testFailoverReadiness = query({
  kind: 'query',
  verb: 'Test',
  noun: 'FailoverReadiness',
  synopsis: 'Answers whether a failover would work now.',
  description: [
    'For each site: the age of its backup, of its restore and of its content; whether its configuration is as on the ' +
      'primary; whether the failover server would serve it, with its certificate; where its records point, their TTL, and ' +
      'whether the DNS server would take an update (a signed one that changes nothing). For the server: clocks, disk ' +
      'space, scheduled tasks and the monitor.',
    'Nothing is changed. What cannot be seen from this server is Skipped: the configuration is checked on the failover ' +
      'server, the permission to update records and the sign of life of the monitor on the monitoring server. The limits ' +
      'are in the setting readiness.',
  ],
  parameters: {
    Name: nameParameter('Sites to check.', 'All sites of the settings.'),
    Check: {
      type: 'string',
      help: `Checks to make, with wildcards: ${checkNames.join(', ')}.`,
      defaultText: 'All.',
    },
    Password: backupParameters.Password,
    Quiet: { type: 'switch', help: 'Gives one Boolean: False where a check failed; warnings do not count.' },
  },
  output: output(
    'IisFailover.Readiness',
    {
      Check: { type: 'string', help: 'What was checked.' },
      Name: { type: 'string', help: 'The site; empty where it is about the server.' },
      Outcome: { type: 'string', help: 'Passed, Warning, Failed or Skipped.' },
      Message: { type: 'string', help: 'What was found.' },
      Remedy: { type: 'string', help: 'What to do about it; empty where it passed.' },
    },
    [
      { property: 'Outcome', width: 8 },
      { property: 'Check', width: 14 },
      { property: 'Name', width: 20 },
      { property: 'Message' },
    ],
  ),
  examples: [
    {
      title: 'What would stand in the way of a failover?',
      code: "Test-FailoverReadiness -SettingsPath .\\failover.json | Where-Object Outcome -in 'Failed', 'Warning'",
      explanation: 'Each object says in Remedy what to do.',
    },
    {
      title: 'Is the standby ready to serve?',
      code: 'Test-FailoverReadiness site1.com -Check Standby -SettingsPath .\\failover.json -Quiet',
      explanation: 'True or False, for a script or a monitoring system.',
    },
  ],
  related: ['Compare-FailoverSite', 'Test-FailoverSite', 'Get-FailoverTask'],

  async *run(parameters, context) {
    const pattern = parameters.Check === undefined ? undefined : wildcardPattern(parameters.Check);
    const wanted = (check: CheckName): boolean => pattern === undefined || pattern.test(check);
    let ready = true;
    for await (const one of readinessChecks(parameters, wanted, context)) {
      if (one.outcome === 'Failed') ready = false;
      if (parameters.Quiet !== true) yield checkObject(one);
    }
    if (parameters.Quiet === true) yield ready;
  },
});

function checkObject({ check, site, outcome, message, remedy }: CheckResult) {
  return { Check: check, Name: site ?? null, Outcome: outcome, Message: message, Remedy: remedy };
}
