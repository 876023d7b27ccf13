// Writes windows-powershell-5.1/commands.txt: the commands of Windows Server 2016 that scripts here may use, one on
// each line with its module and parameters, from PSScriptAnalyzer's (MIT) file
// Engine/Settings/desktop-5.1.14393.206-windows.json.
//
//   npx tsx build/lint/reference-lists/commands.ts desktop-5.1.14393.206-windows.json
import { readFileSync, writeFileSync } from 'node:fs';

interface Catalog {
  readonly Modules: readonly {
    readonly Name: string;
    readonly ExportedCommands: readonly Command[] | Command;
  }[];
}

interface Command {
  readonly Name: string;
  readonly ParameterSets: string | readonly string[] | null;
}

const modules = /^(Microsoft\.PowerShell\..*|CimCmdlets|DnsClient|NetTCPIP|PKI|ScheduledTasks|SmbShare)$/;
const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('Name the JSON file.');
const catalog = JSON.parse(readFileSync(source, 'utf8').replace(/^\uFEFF/, '')) as Catalog;
const lines = catalog.Modules.filter(({ Name }) => modules.test(Name)).flatMap((module) =>
  [module.ExportedCommands].flat().map((command: Command) => {
    const text = [command.ParameterSets ?? ''].flat().join(' ');
    const parameters = new Set([...text.matchAll(/(?<=^|[[ ])-(\w+)/g)].map((match) => match[1] ?? ''));
    return [command.Name, module.Name, ...[...parameters].sort()].join(' ');
  }),
);
const output = new URL('../windows-powershell-5.1/commands.txt', import.meta.url);
writeFileSync(output, `${[...new Set(lines)].sort().join('\n')}\n`);
