import { fileURLToPath } from 'node:url';
import { runPwsh, type PwshOptions, type PwshResult } from './pwsh.ts';

const manifest = fileURLToPath(new URL('../../module/IisFailover.psd1', import.meta.url));

export interface ModuleResult extends PwshResult {
  /** The properties of each object that was written, as PowerShell turns them into text; lists joined by a comma. */
  readonly objects: Record<string, string>[];
}

const marker = '\u0001';

/** Runs a command of the module in a session of its own. What it writes as objects is taken from the output. */
export async function runModule(command: string, options: PwshOptions = {}): Promise<ModuleResult> {
  // Engine-only PowerShell: the properties go through [string] so that no formatting can cut them.
  const script = [
    `Import-Module '${manifest}'`,
    `foreach ($o in @(${command})) {`,
    '  $line = [System.Text.StringBuilder]::new()',
    "  foreach ($p in $o.PSObject.Properties) { [void]$line.Append($p.Name + '=' + (@($p.Value) -join ',') + [char]2) }",
    '  [Console]::Out.WriteLine([char]1 + $line.ToString())',
    '}',
    'exit $(if ($?) { 0 } else { 1 })',
  ].join('\n');
  const result = await runPwsh(script, { env: { NO_COLOR: '1' }, ...options });
  const objects = result.stdout
    .split('\n')
    .filter((line) => line.startsWith(marker))
    .map((line) =>
      Object.fromEntries(
        line
          .slice(1)
          .split('\u0002')
          .filter((pair) => pair.includes('='))
          .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
      ),
    );
  return { ...result, objects };
}

export interface ModuleError {
  /** FullyQualifiedErrorId without the cmdlet's name. */
  readonly id: string;
  readonly category: string;
  readonly message: string;
}

/** The errors of a command of the module, terminating and not. */
export async function moduleErrors(command: string, options: PwshOptions = {}): Promise<ModuleError[]> {
  const script = [
    `Import-Module '${manifest}'`,
    '$found = @()',
    `try { [void] @(${command} -ErrorAction SilentlyContinue -ErrorVariable found) } catch { $found = @($found) + $_ }`,
    'foreach ($e in $found) {',
    '  if ($e -isnot [System.Management.Automation.ErrorRecord]) { continue }',
    '  [Console]::Out.WriteLine([char]1 + $e.FullyQualifiedErrorId + [char]2 + $e.CategoryInfo.Category + [char]2 + $e.Exception.Message)',
    '}',
  ].join('\n');
  const { stdout } = await runPwsh(script, { env: { NO_COLOR: '1' }, ...options });
  return stdout
    .split('\n')
    .filter((line) => line.startsWith(marker))
    .map((line) => {
      const [id = '', category = '', message = ''] = line.slice(1).split('\u0002');
      return { id: id.split(',')[0]!, category, message };
    });
}
