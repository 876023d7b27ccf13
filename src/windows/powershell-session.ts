import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { errorCode, reason } from '../edge/files.ts';
import { FailoverError, failure } from '../model/failover-error.ts';
import { type CmdletCall, formatCall, parseReply, type SecretParameters } from './cmdlet-call.ts';
import type { Shell } from './shell.ts';

export interface PowerShellOptions {
  /** Default: Windows PowerShell, which has the cmdlets of Windows' roles; elsewhere the pwsh on the PATH. */
  readonly executable?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface InvokeOptions {
  /** More parameters, which reach the cmdlet by no argument and no line of code. */
  readonly secrets?: SecretParameters;
  /** Levels of properties that come back as objects; deeper ones come back as text. Default 2. */
  readonly depth?: number;
  /** Ends the session's process when it fires: a cmdlet cannot be stopped from outside. */
  readonly signal?: AbortSignal;
}

/**
 * A PowerShell process of our own for cmdlets that have no other interface. It starts with the first call, runs one
 * call at a time and ends with {@link close}.
 */
export class PowerShellSession {
  readonly #options: PowerShellOptions;
  readonly #calls = new PQueue({ concurrency: 1 });
  #shell: Shell | undefined;

  constructor(options: PowerShellOptions = {}) {
    this.#options = options;
  }

  get executable(): string {
    return this.#options.executable ?? defaultExecutable();
  }

  /**
   * Calls a cmdlet or function with named parameters and returns its objects, decoded as {@link decodeClixml} does
   * (an enumeration's value as its number). Values may be all that {@link encodeClixml} takes, and are data: no
   * character in them is read as code. Warnings and other text that the cmdlet prints are dropped.
   * @throws FailoverError PowerShellNotFound, PowerShellEnded, CmdletMissing, or CmdletFailed with the cmdlet's
   *   message for its first error, terminating or not; the reason of the signal when that fires
   */
  async invoke(
    command: string,
    parameters: Readonly<Record<string, unknown>> = {},
    { secrets = {}, depth = 2, signal }: InvokeOptions = {},
  ): Promise<unknown[]> {
    const call = { command, parameters, secrets, depth, marker: randomBytes(16).toString('hex') };
    return this.#calls.add(() => this.#run(call, signal));
  }

  /** Ends the process; a call that is under way fails with PowerShellEnded. A later call starts a new process. */
  async close(): Promise<void> {
    const shell = this.#shell;
    this.#shell = undefined;
    await shell?.dispose('SIGKILL').catch(() => undefined);
  }

  async #run(call: CmdletCall, signal?: AbortSignal): Promise<unknown[]> {
    signal?.throwIfAborted();
    const line = formatCall(call);
    this.#shell ??= await this.#start();
    const shell = this.#shell;
    const stop = (): void => void this.close();
    signal?.addEventListener('abort', stop);
    try {
      const { stdout } = await shell.invoke(line);
      const reply = parseReply(call, stdout?.toString('utf8') ?? '');
      if (reply === undefined) throw new Error('it gave no reply');
      return reply;
    } catch (error) {
      if (error instanceof FailoverError) throw error;
      await this.close();
      signal?.throwIfAborted();
      throw this.#ended(call.command, error);
    } finally {
      signal?.removeEventListener('abort', stop);
      shell.history.length = 0; // it keeps every call and reply
    }
  }

  async #start(): Promise<Shell> {
    const { Shell } = await import('./shell.ts'); // loads node-powershell only where it is used
    return new Shell({ executable: this.executable, env: this.#options.env ?? {} });
  }

  #ended(command: string, error: unknown): FailoverError {
    const { executable } = this;
    const options = { target: executable, cause: error };
    const fault = error instanceof Error && 'originalError' in error ? error.originalError : error;
    if (['ENOENT', 'EACCES', 'EPERM'].includes(errorCode(fault) ?? '')) {
      return failure('PowerShellNotFound', { executable, why: reason(fault) }, options);
    }
    return failure('PowerShellEnded', { executable, command }, options);
  }
}

/** By its full path: the current folder and the PATH are others' to write. */
function defaultExecutable(): string {
  if (process.platform !== 'win32') return 'pwsh';
  return join(
    process.env.SystemRoot ?? 'C:\\Windows',
    'System32',
    'WindowsPowerShell',
    'v1.0',
    'powershell.exe',
  );
}
