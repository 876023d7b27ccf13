import { currentHistory, fileKey } from '../history/index.ts';
import { query } from './definition.ts';
import { historyObject, historyOutput, selectById, sitesOf } from './support/history.ts';
import { stateFolder } from './support/places.ts';
import { wildcardPattern } from './support/wildcard.ts';

export const getFailoverRestore = query({
  kind: 'query',
  verb: 'Get',
  noun: 'FailoverRestore',
  synopsis: 'Gets the restores that can be undone, newest first.',
  description: [
    'Each run of Restore-FailoverSite or Undo-FailoverRestore that changed a configuration file is kept in the folder ' +
      'restores of the state folder, with the file as it was before: the last 20 for each file, or as many as the ' +
      'setting restore.keepHistory says.',
    'The files may hold passwords in clear, as applicationHost.config may: only administrators can read the folder.',
  ],
  parameters: {
    Id: {
      type: 'string[]',
      position: 0,
      help: 'Numbers of the restores to get.',
      defaultText: 'All.',
    },
    Name: {
      type: 'string[]',
      help: 'Sites: only restores that changed one of them.',
      wildcards: true,
    },
    ConfigurationFile: { type: 'path', help: 'Only restores into this file.' },
  },
  output: historyOutput,
  examples: [
    {
      title: 'What was restored lately?',
      code: 'Get-FailoverRestore -SettingsPath .\\failover.json | Select-Object -First 5',
      explanation: 'One line for each run that changed the configuration, newest first.',
    },
    {
      title: 'What was done to a site, and where is the file as it was before?',
      code:
        'Get-FailoverRestore -Name site1.com -SettingsPath .\\failover.json | ' +
        'Select-Object Time, Action, Change, PreviousFile',
      explanation: 'Compare PreviousFile with the configuration file to see every line that differs.',
    },
  ],
  related: ['Undo-FailoverRestore', 'Restore-FailoverSite'],

  async *run(parameters, context) {
    const folder = stateFolder(context, await context.settingsIfPresent());
    const history = await currentHistory(folder, (error) => context.error(error));
    const { Id: ids, Name: names, ConfigurationFile: file } = parameters;
    const chosen =
      ids === undefined ? history.entries : selectById(ids, history.entries, (error) => context.error(error));
    const patterns = names?.map(wildcardPattern);
    for (const entry of [...chosen].reverse()) {
      if (file !== undefined && fileKey(entry.configurationFile) !== fileKey(file)) continue;
      if (patterns && !sitesOf(entry).some((site) => patterns.some((pattern) => pattern.test(site))))
        continue;
      yield historyObject(folder, history, entry);
    }
  },
});
