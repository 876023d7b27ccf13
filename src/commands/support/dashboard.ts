import { parseDashboardAddress } from '../../dashboard/address.ts';
import { type DashboardView, startDashboard } from '../../dashboard/server.ts';
import { newToken, readToken } from '../../dashboard/token.ts';
import { readPageAssets } from '../../edge/report-assets.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { failure, toFailoverError } from '../../model/failover-error.ts';
import type { Secret } from '../../model/secret.ts';
import type { SocketAddress } from '../../model/socket-address.ts';
import type { SiteEvent } from '../../monitor/events.ts';
import { renderMain, renderPage } from '../../report/page.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import type { CommandContext } from '../definition.ts';
import { LiveReport } from './live-report.ts';

/** How often it is looked whether there is something new to show. */
const refreshMs = 2000;
/** The same while nobody looks. */
const unwatchedMs = 60_000;
/** A page waits so long at most for what is new. */
const patienceMs = 1000;

export interface DashboardRequest {
  readonly address: SocketAddress;
  readonly token: Secret;
  /** The token is the administrator's own and is not shown. */
  readonly ownToken: boolean;
}

/**
 * What -DashboardAddress and -DashboardTokenFile ask for; undefined where no dashboard is wanted.
 * @throws FailoverError ParameterInvalid, DashboardTokenWeak and those of reading the file
 */
export async function dashboardRequest(
  parameters: {
    readonly Continuous: boolean | undefined;
    readonly DashboardAddress: string | undefined;
    readonly DashboardTokenFile: string | undefined;
  },
  context: CommandContext,
): Promise<DashboardRequest | undefined> {
  const { DashboardAddress: text, DashboardTokenFile: file } = parameters;
  const asked = text === undefined ? file : text;
  if (asked === undefined) return undefined;
  if (text === undefined) throw failure('ParameterInvalid.tokenFileAlone', {}, { target: asked });
  if (parameters.Continuous !== true) throw failure('ParameterInvalid.dashboardOnce', {}, { target: asked });
  const address = parseDashboardAddress(text);
  if (!address.loopback)
    context.warning(
      `Other machines reach the dashboard at ${text}, and its token crosses the network unencrypted. ` +
        'Better bind 127.0.0.1, and reach it by a tunnel or a reverse proxy with TLS.',
    );
  const token = file === undefined ? newToken() : await readToken(file);
  return { address, token, ownToken: file !== undefined };
}

/** The dashboard of a monitor, while it runs. */
export interface RunningDashboard {
  /** Where it is, with the token unless that is the administrator's own: for the pipeline, never for a log. */
  readonly message: string;
  /** Takes changed settings over. */
  use(loaded: LoadedSettings): void;
  /** Takes an event of the monitor into account. */
  observe(event: SiteEvent): void;
  close(): Promise<void>;
}

/** Listens, and from now on keeps what it shows up to date: the monitor does not wait for it. @throws FailoverError DashboardUnavailable */
export async function openDashboard(
  request: DashboardRequest,
  names: readonly string[] | undefined,
  loaded: LoadedSettings,
  metrics: Metrics,
  context: CommandContext,
): Promise<RunningDashboard> {
  const assets = await readPageAssets();
  const report = new LiveReport(names, loaded, context);
  const stop = new AbortController();
  const shown = (): DashboardView => ({
    version: report.version,
    page: () => renderPage(report.data, assets, { live: true }),
    main: () => renderMain(report.data).text,
  });
  let refreshedAt = -Infinity;
  let failed = '';
  let running: Promise<void> | undefined;
  const refreshOnce = async (): Promise<void> => {
    try {
      if (await report.refresh()) server.announce(shown());
      failed = '';
    } catch (error) {
      if (stop.signal.aborted) return;
      const { message } = toFailoverError(error);
      if (message !== failed) context.warning(`The dashboard shows old data: ${message}`);
      failed = message;
    } finally {
      refreshedAt = context.clock.monotonic();
    }
  };
  const refresh = (): Promise<void> => (running ??= refreshOnce().finally(() => (running = undefined)));
  const server = await startDashboard({
    ...request,
    assets,
    view: async () => {
      if (context.clock.monotonic() - refreshedAt > refreshMs)
        await Promise.race([refresh(), context.clock.sleep(patienceMs, stop.signal)]).catch(() => undefined);
      return shown();
    },
    metrics: () => metrics.text(),
  });
  const refreshing = (async () => {
    while (!stop.signal.aborted) {
      const due = server.watched() || context.clock.monotonic() - refreshedAt >= unwatchedMs;
      if (due) await refresh();
      await context.clock.sleep(refreshMs, stop.signal).catch(() => undefined);
    }
  })();
  const { url } = server;
  return {
    message: request.ownToken
      ? `The dashboard is at ${url}?token= with the token of the file`
      : `The dashboard is at ${url}?token=${request.token.reveal()}`,
    use: (changed) => report.use(changed),
    observe: (event) => report.observe(event),
    close: async () => {
      stop.abort();
      report.stop();
      await server.close();
      await refreshing;
    },
  };
}
