import assert from 'node:assert/strict';
import { whileBusy } from '../../src/edge/busy.ts';

describe('work on a file that is busy', () => {
  const busy = (): Error => Object.assign(new Error('busy'), { code: 'EBUSY' });

  /** Work that fails so many times; `calls` counts them. */
  function failing(times: number): { calls: number; work: () => Promise<string> } {
    const counter = {
      calls: 0,
      work: () => (++counter.calls > times ? Promise.resolve('done') : Promise.reject(busy())),
    };
    return counter;
  }
  const onWindows = { platform: 'win32', attempts: 3, pauseMs: 0 } as const;

  it('is tried again on Windows until it goes', async () => {
    const twice = failing(2);
    assert.equal(await whileBusy(twice.work, ['EBUSY'], onWindows), 'done');
    assert.equal(twice.calls, 3);
  });

  it('fails with its own error where the file stays busy', async () => {
    const thrice = failing(3);
    await assert.rejects(whileBusy(thrice.work, ['EBUSY'], onWindows), { code: 'EBUSY' });
    assert.equal(thrice.calls, 3);
  });

  it('is not tried again for another error, or on another system', async () => {
    for (const [codes, options] of [
      [['EPERM'], onWindows],
      [['EBUSY'], { ...onWindows, platform: 'linux' }],
    ] as const) {
      const once = failing(1);
      await assert.rejects(whileBusy(once.work, codes, options), { code: 'EBUSY' });
      assert.equal(once.calls, 1);
    }
  });
});
