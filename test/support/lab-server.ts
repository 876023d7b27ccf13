import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** The first of some files that this machine lacks, in words. */
export async function missingFile(
  files: readonly (readonly [string, string])[],
): Promise<string | undefined> {
  for (const [path, what] of files) {
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (!there) return what;
  }
  return undefined;
}

/**
 * Starts a server of a test and waits until it is ready, for ten seconds at most.
 * @param folder what it keeps; removed once it is stopped
 */
export async function startServer(
  program: string,
  args: readonly string[],
  folder: string,
  isReady: () => Promise<boolean>,
): Promise<{ stop(): Promise<void> }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const keep = (text: string): void => void (log = (log + text).slice(-5000));
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 100 && child.exitCode === null; tries++) {
    if (await isReady().catch(() => false)) return { stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`${program} did not become ready (it ended with ${child.exitCode}):\n${log}`);
}
