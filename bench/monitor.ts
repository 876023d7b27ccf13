import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:net';
import { type Contender, peers, type Start, startOurs, startWeb, type Timing } from './monitor/contenders.ts';
import { Poller, primaryOf, quantile, standby, webPort } from './monitor/lab.ts';

/** gdnsd takes no shorter interval than 2 s. */
const interval = { intervalSeconds: 2, timeoutSeconds: 1 };
const limitMs = 15_000;

interface Detection {
  readonly kill: number[];
  readonly hang: number[];
}

/**
 * The time from the death (kill) or the hang (SIGSTOP) of the primary web server to a changed DNS answer, beside gdnsd
 * and PowerDNS with ifurlup where they are installed; and the CPU time of watching 1,000 sites each second (the
 * memory of watching 10,000 is in the bench watch). All monitors of one row use one interval, one timeout and the first failure. At 1 site they run at
 * the same time and see the same failures; at 1,000 one after the other.
 */
export default async function monitor(): Promise<object[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-monitor-'));
  const contenders: [string, Start][] = [['ours', startOurs], ...(await peers())];
  // A web server of a run that was stopped would answer in place of the one that dies.
  if (await isListening()) throw new Error(`Another process listens on port ${webPort}.`);
  const standbyWeb = await startWeb(join(folder, 'standby'), standby);
  try {
    const one = await together(contenders, { sites: 1, ...interval, attempts: 1 }, folder, 4);
    const many = new Map<string, Detection>();
    for (const contender of contenders) {
      const timing = { sites: 1000, ...interval, attempts: 1 };
      for (const [name, seen] of await together([contender], timing, folder, 1)) many.set(name, seen);
    }
    const verified = await together([['ours', startOurs]], { sites: 1, ...interval, attempts: 3 }, folder, 1);
    const results = [
      ...detectionRows('1 site', one),
      ...detectionRows('1,000 sites', many),
      ...(await idleRows(contenders, folder)),
    ];
    console.log(
      `ms from the failure to the changed answer, every 2 s, timeout 1 s; load ${loadavg()[0]!.toFixed(1)}`,
    );
    const figures = [...describe('1 site', one), ...describe('1,000 sites', many)];
    console.table([...figures, ...describe('1 site, three failures believed', verified)]);
    console.table(results);
    return results;
  } finally {
    await standbyWeb.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lets the primary die and hang a few times while these watch it. */
async function together(
  starts: readonly [string, Start][],
  timing: Timing,
  parent: string,
  times: number,
): Promise<Map<string, Detection>> {
  const folder = await mkdtemp(join(parent, 'run-'));
  const poller = new Poller();
  const running: Contender[] = [];
  let web = await startWeb(join(folder, 'primary'), '0.0.0.0');
  try {
    await sleep(500);
    for (const [name, start] of starts) running.push(await start(join(folder, name), timing));
    const sites = sample(timing.sites);
    const all = async (toStandby: boolean): Promise<number[][]> =>
      Promise.all(running.map((one) => poller.changes(one.dns, sites, toStandby, limitMs)));
    const seen = new Map<string, Detection>(running.map(({ name }) => [name, { kill: [], hang: [] }]));
    await all(false);
    await settled(timing);
    for (let time = 0; time < times; time++) {
      for (const fault of ['kill', 'hang'] as const) {
        if (fault === 'kill') await web.stop();
        else web.child.kill('SIGSTOP');
        const took = await all(true);
        for (const [index, { name }] of running.entries()) seen.get(name)![fault].push(...took[index]!);
        await web.stop();
        web = await startWeb(join(folder, 'primary'), '0.0.0.0');
        const back = await all(false);
        for (const [index, { name }] of running.entries())
          console.log(
            `${name}, ${timing.sites} sites: ${fault} ${Math.round(quantile(took[index]!, 0.5))} ms, ` +
              `back ${Math.round(quantile(back[index]!, 0.5))} ms`,
          );
        await settled(timing);
      }
    }
    return seen;
  } finally {
    for (const one of running) await one.stop();
    await web.stop();
    poller.close();
  }
}

/** Every state is known and the next failure comes at any moment of the interval. */
async function settled({ intervalSeconds }: Timing): Promise<void> {
  await sleep((1.5 + Math.random()) * intervalSeconds * 1000);
}

function sample(sites: number): number[] {
  const count = Math.min(sites, 20);
  return Array.from({ length: count }, (_, index) => Math.floor(((index + 0.5) * sites) / count));
}

/** Ours beside the best peer at the median and at the 95th percentile. */
function detectionRows(what: string, seen: ReadonlyMap<string, Detection>): object[] {
  const others = [...seen].filter(([name]) => name !== 'ours').map(([, detection]) => detection);
  if (others.length === 0) return [];
  return (['kill', 'hang'] as const).flatMap((fault) =>
    ([0.5, 0.95] as const).map((share) => {
      const ours = quantile(seen.get('ours')![fault], share);
      const peer = Math.min(...others.map((detection) => quantile(detection[fault], share)));
      const name = `monitor: ${what}, ${fault}, ${share === 0.5 ? 'median' : 'p95'}`;
      return { name, ours: Math.round(ours), peer: Math.round(peer), ratio: round(ours / peer), goal: 1 };
    }),
  );
}

function describe(what: string, seen: ReadonlyMap<string, Detection>): object[] {
  return [...seen].flatMap(([name, detection]) =>
    (['kill', 'hang'] as const).map((fault) => ({
      what: `${what}, ${fault}`,
      name,
      median: Math.round(quantile(detection[fault], 0.5)),
      p95: Math.round(quantile(detection[fault], 0.95)),
      seen: detection[fault].length,
    })),
  );
}

/** CPU time of watching 1,000 sites that are up, once a second: percent of one core. gdnsd cannot. */
async function idleRows(contenders: readonly [string, Start][], folder: string): Promise<object[]> {
  const timing = { sites: 1000, intervalSeconds: 1, timeoutSeconds: 1, attempts: 3 };
  const percent = new Map<string, number>();
  const web = await startWeb(join(folder, 'primary-idle'), '0.0.0.0');
  try {
    for (const [name, start] of contenders.filter(([one]) => one !== 'gdnsd')) {
      const one = await start(join(folder, `idle ${name}`.replace(' ', '-')), timing);
      try {
        await sleep(6000);
        const before = await one.monitor.cpuSeconds();
        await sleep(6000);
        percent.set(name, (((await one.monitor.cpuSeconds()) - before) / 6) * 100);
      } finally {
        await one.stop();
      }
    }
  } finally {
    await web.stop();
  }
  const ours = round(percent.get('ours')!);
  const peer = percent.get('PowerDNS ifurlup');
  const name = 'monitor: idle CPU, 1,000 sites each second, percent of a core';
  return peer === undefined ? [] : [{ name, ours, peer: round(peer), ratio: round(ours / peer), goal: 1 }];
}

function isListening(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(webPort, primaryOf(0), () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
