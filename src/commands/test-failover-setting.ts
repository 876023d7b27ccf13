import { readIfPresent } from '../edge/files.ts';
import { failure } from '../model/failover-error.ts';
import { formatProblem, type SettingsProblem, validateSettings } from '../settings/validate.ts';
import { query } from './definition.ts';
import { output } from './output.ts';

export const testFailoverSetting = query({
  kind: 'query',
  verb: 'Test',
  noun: 'FailoverSetting',
  synopsis: 'Checks a settings file and names each fault with its line and column.',
  description: [
    'Reads the file of -SettingsPath (or the default one) and checks its syntax, its keys and values, and what only ' +
      'the whole can show: each role once, no name twice, addresses that are addresses.',
  ],
  parameters: {},
  output: output(
    'IisFailover.SettingTest',
    {
      Path: { type: 'string', help: 'The file.' },
      IsValid: { type: 'bool', help: 'True where it has no fault.' },
      SiteCount: { type: 'int', help: 'Sites in it; empty where it is not valid.' },
      Problem: { type: 'string[]', help: 'Each fault as path(line,column): property: message.' },
      Fault: { type: 'object[]', help: 'The same as objects with Line, Column, Property and Message.' },
    },
    [{ property: 'IsValid', width: 8 }, { property: 'Path', width: 40 }, { property: 'Problem' }],
  ),
  examples: [
    {
      title: 'Check a file after an edit',
      code: '(Test-FailoverSetting -SettingsPath .\\failover.json).Problem',
      explanation: 'Prints one line for each fault, and nothing where there is none.',
    },
  ],
  related: ['New-FailoverSetting'],

  async *run(_parameters, context) {
    const { path } = context.settingsFile;
    const bytes = await readIfPresent(path);
    if (bytes === undefined) throw failure('SettingsNotFound', { path }, { target: path });
    const { settings, problems } = validateSettings(bytes.toString('utf8'));
    yield {
      Path: path,
      IsValid: settings !== undefined,
      SiteCount: settings?.sites.length ?? null,
      Problem: problems.map((problem) => formatProblem(path, problem)),
      Fault: problems.map(faultObject),
    };
  },
});

function faultObject({ line, column, property, message }: SettingsProblem): object {
  return { Line: line, Column: column, Property: property, Message: message };
}
