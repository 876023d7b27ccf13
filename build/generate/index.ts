import { type AnyCommand, commandName } from '../../src/commands/definition.ts';
import { settingsSchema } from '../../src/settings/schema.ts';
import { aboutTopic } from './about.ts';
import { errorsPage } from './errors-page.ts';
import { formatFile } from './format.ts';
import { mamlFile } from './maml.ts';
import { markdownPage } from './markdown.ts';
import { psd1 } from './psd1.ts';
import { psm1 } from './psm1.ts';
import { settingsPage } from './settings-page.ts';

/** Every generated file by its path from the project's root. What goes into module/ is ASCII. */
export function generateModule(commands: readonly AnyCommand[], version: string): Map<string, string> {
  const inModule = new Map([
    ['IisFailover.psm1', psm1(commands)],
    ['IisFailover.format.ps1xml', formatFile(commands)],
    ['failover.schema.json', asciiJson(settingsSchema)],
    ['en-US/IisFailover-help.xml', mamlFile(commands)],
    ['en-US/about_IisFailover.help.txt', aboutTopic(commands)],
  ]);
  const files = [
    'IisFailover.psd1',
    ...inModule.keys(),
    'lib/content-worker.cjs',
    'lib/iisfailover.cjs',
    'lib/report-page.css',
    'lib/report-page.js',
    'lib/start.cjs',
  ];
  inModule.set(
    'IisFailover.psd1',
    psd1(
      commands,
      version,
      files.map((file) => file.replaceAll('/', '\\')),
    ),
  );
  for (const [path, text] of inModule) requireAscii(path, text);
  return new Map([
    ...[...inModule].map(([path, text]) => [`module/${path}`, text] as const),
    ...commands.map(
      (command) => [`docs/commands/${commandName(command)}.md`, markdownPage(command)] as const,
    ),
    ['docs/errors.md', errorsPage()],
    ['docs/settings.md', settingsPage()],
  ]);
}

function asciiJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replace(/[^\x20-\x7e\n]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

/** Windows PowerShell 5.1 reads a file without byte order mark in the code page of the system. */
function requireAscii(path: string, text: string): void {
  const line = text.split('\n').findIndex((one) => /[^\t\x20-\x7e]/.test(one));
  if (line >= 0) throw new Error(`${path} is not ASCII at line ${line + 1}`);
}
