import { type MetricsServer, startMetricsServer } from '../../dashboard/metrics-server.ts';
import { readToken } from '../../dashboard/token.ts';
import { Metrics } from '../../metrics/metrics.ts';
import type { FailoverError } from '../../model/failover-error.ts';
import { toFailoverError } from '../../model/failover-error.ts';
import type { Secret } from '../../model/secret.ts';
import { socketAddress } from '../../model/socket-address.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import type { CommandContext } from '../definition.ts';

/** Set by the bundler from package.json. */
declare const __VERSION__: string | undefined;

/** The file is written this often, and a server that could not listen tries again. */
const everyMs = 15_000;

/**
 * The metrics of the continuous monitor: the file and the server that its settings name. Whatever fails is reported
 * and tried again: the monitor neither waits nor stops for it.
 */
export class Metering {
  readonly metrics = new Metrics({
    version: typeof __VERSION__ === 'undefined' ? 'development' : __VERSION__,
  });
  readonly #context: Pick<CommandContext, 'clock' | 'whatIf'>;
  /** A fault, or undefined where it works again; each is told once. */
  readonly #report: (error: FailoverError | undefined) => void;
  #loaded: LoadedSettings | undefined;
  #server: (MetricsServer & { readonly address: string }) | undefined;
  #token: Secret | undefined;
  #working: Promise<void> = Promise.resolve();
  #fault = '';

  constructor(
    context: Pick<CommandContext, 'clock' | 'whatIf'>,
    report: (error: FailoverError | undefined) => void,
  ) {
    this.#context = context;
    this.#report = report;
  }

  /** Takes settings over. In shadow mode they concern the monitor that this one runs beside. */
  configure(loaded: LoadedSettings): void {
    if (this.#context.whatIf || loaded === this.#loaded) return;
    this.#loaded = loaded;
    this.#work();
  }

  /** Keeps both up to date until the signal fires. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#context.clock.sleep(everyMs, signal).catch(() => undefined);
      if (!signal.aborted) this.#work();
    }
    this.#loaded = undefined;
    this.#work();
    await this.#working;
  }

  #work(): void {
    this.#working = this.#working.then(async () => {
      try {
        await this.#serve();
        await this.#write();
        if (this.#fault !== '') this.#report(undefined);
        this.#fault = '';
      } catch (error) {
        const fault = toFailoverError(error);
        if (fault.message !== this.#fault) this.#report(fault);
        this.#fault = fault.message;
      }
    });
  }

  async #serve(): Promise<void> {
    const wanted = this.#loaded?.settings.monitor?.metrics;
    if (this.#server !== undefined && this.#server.address !== wanted?.address) {
      await this.#server.close();
      this.#server = undefined;
    }
    const address = wanted === undefined ? undefined : socketAddress(wanted.address);
    if (wanted === undefined || address === undefined) return;
    // Read each time, so that a changed token counts without a restart.
    this.#token = wanted.token && (await readToken(this.#loaded!.resolvePath(wanted.token.file)));
    this.#server ??= {
      address: wanted.address,
      ...(await startMetricsServer({
        address,
        token: () => this.#token,
        text: () => this.metrics.text(),
      })),
    };
  }

  async #write(): Promise<void> {
    const path = this.#loaded?.settings.monitor?.metricsFile;
    if (path !== undefined) await this.metrics.write(this.#loaded!.resolvePath(path));
  }
}
