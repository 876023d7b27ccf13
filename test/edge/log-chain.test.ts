import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../src/edge/clock.ts';
import { checkLog } from '../../src/edge/log-chain.ts';
import { logLines, readEvents } from '../../src/edge/log-reader.ts';
import { openLog } from '../../src/edge/run-log.ts';
import { temporaryFolder } from '../support/tree.ts';

describe('the chain of a log', () => {
  const folder = temporaryFolder();
  const path = (): string => join(folder.path, 'sitemonitor.log');
  const open = () =>
    openLog(folder.path, 'sitemonitor.log', 'Invoke-FailoverMonitor', systemClock, () => undefined);
  const check = () => checkLog(logLines(folder.path, 'sitemonitor.log'));
  const lines = async (): Promise<string[]> =>
    (await readFile(path(), 'utf8')).split('\n').filter((line) => line !== '');

  /** Two runs that overlap, and one after them. */
  async function writeRuns(): Promise<string[]> {
    const one = await open();
    await one.write('switch', 'one');
    const two = await open();
    await two.write('switch', 'two');
    await one.write('switch', 'three', { long: 'x'.repeat(100_000) });
    await two.write('switch', 'four');
    await (await open()).write('switch', 'five');
    return lines();
  }

  it('is whole over several runs, also where they overlap', async () => {
    await writeRuns();
    assert.deepEqual(await check(), { lines: 5, unchained: 0, faults: [] });
  });

  it('shows every change of a line that another names, and where a line was taken out', async () => {
    const whole = await writeRuns();
    for (let index = 0; index < whole.length - 1; index++) {
      const changed = whole.map((line, at) => (at === index ? line.replace('switch', 'Switch') : line));
      if (index === 2) continue; // the end of a run that another overlapped: no line names it
      assert.notDeepEqual((await checkLog(changed)).faults, [], `line ${index + 1} changed`);
      assert.notDeepEqual(
        (await checkLog(whole.filter((_, at) => at !== index))).faults,
        [],
        `line ${index + 1} gone`,
      );
    }
  });

  it('shows lines that changed places, unless they are of runs that overlapped', async () => {
    const whole = await writeRuns();
    const swapped = [whole[0]!, whole[1]!, whole[3]!, whole[2]!, whole[4]!];
    assert.deepEqual((await checkLog(swapped)).faults, []);
    assert.notDeepEqual((await checkLog([whole[4]!, ...whole.slice(0, 4)])).faults, []);
  });

  it('goes on after a run that was killed in the middle of a line, and names that line', async () => {
    await (await open()).write('switch', 'one');
    await appendFile(path(), '{"time":"2026-01-0');
    await (await open()).write('switch', 'two');
    assert.deepEqual(await check(), {
      lines: 3,
      unchained: 0,
      faults: [{ line: 2, problem: 'it is not complete' }],
    });
    const events = await readEvents(folder.path, () => true);
    assert.deepEqual(
      events.map(({ message }) => message),
      ['one', 'two'],
    );
  });

  it('takes lines from before there was a chain, but none after it began', async () => {
    const old = '{"time":"2026-01-01T00:00:00.000Z","command":"x","event":"round","message":"old"}';
    await writeFile(path(), `${old}\n`);
    await (await open()).write('switch', 'one');
    assert.deepEqual(await check(), { lines: 2, unchained: 1, faults: [] });
    await appendFile(path(), `${old}\n`);
    assert.deepEqual((await check()).faults, [{ line: 3, problem: 'it names no line before it' }]);
  });
});
