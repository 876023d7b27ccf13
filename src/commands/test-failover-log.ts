import { join } from 'node:path';
import { checkLog } from '../edge/log-chain.ts';
import { logLines } from '../edge/log-reader.ts';
import { logNames } from '../edge/run-log.ts';
import { query } from './definition.ts';
import { output } from './output.ts';
import { stateFolder } from './support/places.ts';

export const testFailoverLog = query({
  kind: 'query',
  verb: 'Test',
  noun: 'FailoverLog',
  synopsis: 'Checks that no line of the logs was changed or taken out.',
  description: [
    'Each line names the SHA-256 of one before it, so that a changed or missing line breaks the chain. Only lines at the very ' +
      'end can be taken away unnoticed. Whoever may write the files can also write a whole new chain: send the logs ' +
      'elsewhere, or sign them, where that matters.',
    'A line that a killed run left half is named as incomplete.',
  ],
  parameters: {},
  output: output(
    'IisFailover.LogTest',
    {
      Path: { type: 'string', help: 'The file.' },
      IsIntact: { type: 'bool', help: 'True where no line was changed, is missing or is incomplete.' },
      LineCount: { type: 'int', help: 'Lines in it.' },
      UnchainedLineCount: {
        type: 'int',
        help: 'Lines of a version that did not chain them; they prove nothing.',
      },
      Problem: { type: 'string[]', help: 'Each fault with its line.' },
    },
    [
      { property: 'IsIntact', width: 8 },
      { property: 'LineCount', width: 10, align: 'Right' },
      { property: 'Path', width: 50 },
      { property: 'Problem' },
    ],
  ),
  examples: [
    {
      title: 'Are the logs what the module wrote?',
      code: '(Test-FailoverLog -SettingsPath .\\failover.json).IsIntact -notcontains $false',
      explanation: 'True where every log is intact.',
    },
  ],
  related: ['Get-FailoverEvent'],

  async *run(_parameters, context) {
    const folder = stateFolder(context, await context.settingsIfPresent());
    for (const name of logNames) {
      const { lines, unchained, faults } = await checkLog(logLines(folder, name));
      if (lines === 0) continue;
      yield {
        Path: join(folder, name),
        IsIntact: faults.length === 0,
        LineCount: lines,
        UnchainedLineCount: unchained,
        Problem: faults.map(({ line, problem }) => `line ${line}: ${problem}`),
      };
    }
  },
});
