import { PowerShell } from 'node-powershell';

export interface ShellOptions {
  readonly executable: string;
  /** Added to this process's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * node-powershell's shell without two of its defects (5.0.1): it never sees the end of a reply whose chunk ends in
 * CRLF, which is every reply on Windows, and $env:NODE_POWERSHELL would replace the executable that was asked for.
 */
export class Shell extends PowerShell {
  constructor({ executable, env }: ShellOptions) {
    super({
      executable,
      executableOptions: { '-NoProfile': true, '-NonInteractive': true },
      // Escape sequences around the delimiters would hide them as well.
      spawnOptions: { env: { ...process.env, TERM: 'dumb', NO_COLOR: '1', ...env }, windowsHide: true },
      throwOnInvocationError: false, // any text on standard error counts as an error
    });
    // A shell that ends is noticed by the call that waits for it, or by the next one.
    this.exited.catch(() => undefined);
    this.streams.stdin.on('error', () => undefined);
  }

  /** When the process has ended; rejects where it could not be started or failed. */
  get exited(): Promise<void> {
    return this['exitPromise'] as Promise<void>;
  }

  protected override setExecutable({ executable = '' }: { executable?: string }): string {
    return executable;
  }

  protected override writeToOutput(text: string): string {
    return `[Console]::Out.Write("${text}\`n")`;
  }

  protected override writeToError(text: string): string {
    return `[Console]::Error.Write("${text}\`n")`;
  }
}
