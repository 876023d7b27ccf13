import { type LogEntry, readEvents } from '../edge/log-reader.ts';
import { isQuietRound } from '../report/history.ts';
import { query } from './definition.ts';
import { output } from './output.ts';
import { nameParameter } from './support/name-parameter.ts';
import { stateFolder } from './support/places.ts';
import { wildcardPattern } from './support/wildcard.ts';

export const getFailoverEvent = query({
  kind: 'query',
  verb: 'Get',
  noun: 'FailoverEvent',
  synopsis: 'Shows what happened on this server: switches, backups, restores, copies and errors.',
  description: [
    'Reads the logs in the state folder of this server, oldest first. Rounds of the monitor in which nothing happened are ' +
      'left out; -All shows them too.',
  ],
  parameters: {
    Name: nameParameter('Sites.', 'All sites.'),
    After: { type: 'datetime', help: 'Only what happened after this time.' },
    Newest: { type: 'int', range: [1, 1_000_000], help: 'Only so many, the newest ones.' },
    All: { type: 'switch', help: 'Also the rounds in which nothing happened.' },
  },
  output: output(
    'IisFailover.Event',
    {
      Time: { type: 'datetime', help: 'When.' },
      Name: { type: 'string', help: 'The site; empty where it is about none.' },
      Command: { type: 'string', help: 'The cmdlet that did it.' },
      Event: {
        type: 'string',
        help: 'What kind of event: switch, backup, restore, copy, round, error and so on.',
      },
      Message: { type: 'string', help: 'What happened, in words.' },
      Detail: { type: 'object', help: 'All that the log has of it.' },
    },
    [
      { property: 'Time', width: 20 },
      { property: 'Name', width: 24 },
      { property: 'Command', width: 23 },
      { property: 'Event', width: 9 },
      { property: 'Message' },
    ],
  ),
  examples: [
    {
      title: 'What happened to a site today?',
      code: 'Get-FailoverEvent site1.com -After ([datetime]::Today) -SettingsPath .\\failover.json',
      explanation:
        'Each server has the events of what ran on it: switches are in those of the monitoring server.',
    },
    {
      title: 'The last switches',
      code: "Get-FailoverEvent -SettingsPath .\\failover.json | Where-Object Event -eq 'switch'",
      explanation: 'Detail has the records that were changed and the name servers that confirmed them.',
    },
  ],
  related: ['Test-FailoverLog', 'Get-FailoverSite'],

  async *run(parameters, context) {
    const folder = stateFolder(context, await context.settingsIfPresent());
    const patterns = parameters.Name?.map(wildcardPattern);
    const wanted = (entry: LogEntry): boolean =>
      (patterns === undefined || patterns.some((pattern) => pattern.test(entry.site ?? ''))) &&
      (parameters.After === undefined || entry.time > parameters.After) &&
      (parameters.All === true || !isQuietRound(entry));
    const events = await readEvents(folder, wanted);
    const newest = parameters.Newest === undefined ? events : events.slice(-parameters.Newest);
    for (const { time, site, command, event, message, fields } of newest)
      yield {
        Time: time,
        Name: site ?? null,
        Command: command,
        Event: event,
        Message: message,
        Detail: withoutChain(fields),
      };
  },
});

function withoutChain(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'run' && name !== 'prev'));
}
