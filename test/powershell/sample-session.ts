import type { Engine } from '../support/engines.ts';
import { type PwshResult, type PwshSession, runPwsh, runPwshWith, startPwsh } from '../support/pwsh.ts';
import { makeSampleModule, type SampleModule } from '../support/sample-module.ts';
import { temporaryFolder } from '../support/tree.ts';

/** PowerShell sessions with the sample module, in a folder of their own. */
export interface SampleSessions {
  readonly module: SampleModule;
  /** The current folder of the sessions. */
  readonly folder: string;
  /** Runs a script that must write nothing to standard error; its lines of output. */
  readonly lines: (script: string, env?: Record<string, string | undefined>) => Promise<string[]>;
  run(script: string, env?: Record<string, string | undefined>): Promise<PwshResult>;
  /** Runs a script that asks; it gets these answers on its standard input. */
  ask(script: string, input: string): Promise<PwshResult>;
  /** Starts a session that reads commands from its standard input; the module is loaded. */
  start(): PwshSession;
}

/** Only the engine, and the strictest settings: the module must live with both. */
const strict = "Set-StrictMode -Version Latest; $ErrorActionPreference = 'Stop'";

export function sampleSessions(engine: Engine): SampleSessions {
  let module: SampleModule;
  const folder = temporaryFolder();
  before(async () => {
    module = await makeSampleModule();
  });
  after(() => module.remove());

  const load = (): string => `${strict}; Import-Module '${module.manifest}'; `;
  const options = (env: Record<string, string | undefined> = {}) => ({
    engine,
    cwd: folder.path,
    env: { IISFAILOVER_ENGINE_ONLY: '1', ...env },
  });
  const run: SampleSessions['run'] = (script, env) => runPwsh(load() + script, options(env));
  return {
    get module() {
      return module;
    },
    get folder() {
      return folder.path;
    },
    run,
    lines: async (script, env) => {
      const { stdout, stderr } = await run(script, env);
      if (stderr !== '') throw new Error(`${stderr}\n${stdout}`);
      return stdout.split(/\r?\n/).slice(0, -1);
    },
    ask: (script, input) => runPwshWith(['-NoProfile', '-Command', load() + script], { ...options(), input }),
    start: () => {
      const session = startPwsh(undefined, options());
      session.write(`${load()}\n`);
      return session;
    },
  };
}
