import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const windows = process.platform === 'win32';

/** A PowerShell to test on. */
export interface Engine {
  readonly name: 'engine host' | 'pwsh' | 'powershell';
  readonly executable: string;
}

export const engineHost: Engine = {
  name: 'engine host',
  executable: join(root, '.build', 'engine-host', windows ? 'engine-host.exe' : 'engine-host'),
};

/** The engine host where it is built (setup builds it wherever there is a .NET SDK), and each real PowerShell on the PATH. */
export const engines: readonly Engine[] = [engineHost, onPath('pwsh'), onPath('powershell')].filter(
  (engine) => engine !== undefined && existsSync(engine.executable),
) as Engine[];

/** Defines the tests once for each engine; an empty list is a failing test, never none at all. */
export function eachEngine(title: string, define: (engine: Engine) => void): void {
  if (engines.length === 0) {
    it(`${title}: no PowerShell here, run \`npm run setup\``, () => {
      throw new Error('There is neither an engine host nor a PowerShell on the PATH.');
    });
  }
  for (const engine of engines) describe(`${title} (${engine.name})`, () => define(engine));
}

function onPath(name: 'pwsh' | 'powershell'): Engine | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const executable = join(folder, windows ? `${name}.exe` : name);
    // build/ on the PATH holds our launcher, which is no engine of its own.
    if (folder !== '' && !executable.startsWith(join(root, 'build')) && isExecutable(executable)) {
      return { name, executable };
    }
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
