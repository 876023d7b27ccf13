import assert from 'node:assert/strict';
import { allBlocks, type Block, placeOf } from '../../docs/blocks.ts';
import { GuideLab } from '../../docs/guide-lab.ts';
import { endless, find, newSettings, notRun, onPrimary } from '../../docs/powershell-blocks.ts';

const all = (await allBlocks()).filter(({ language }) => language === 'powershell');

describe('the PowerShell of the guides', function () {
  this.timeout(300_000);

  for (const document of new Set(all.map((block) => block.document))) {
    const blocks = all.filter((block) => block.document === document && !find(notRun, block));
    if (blocks.length === 0) continue;
    it(`${document} runs from beginning to end, block by block`, async () => {
      const lab = await GuideLab.start();
      try {
        for (const block of blocks) {
          const { code, stdout, stderr } = await run(lab, block);
          assert.deepEqual([stderr, code], ['', 0], `${placeOf(block)}\n${stdout}`);
        }
      } finally {
        await lab.stop();
      }
    });
  }

  it('is run, but for blocks that the table names', () => {
    for (const one of [...notRun, ...endless, ...newSettings, ...onPrimary])
      assert.equal(
        all.filter((block) => find([one], block)).length,
        1,
        `${one.document}: ${one.begins}: the table names one block`,
      );
  });
});

async function run(lab: GuideLab, block: Block) {
  const until = find(endless, block)?.until;
  if (until !== undefined) return { ...(await lab.runUntil(block.code, until)), code: 0 };
  return lab.run(
    block.code,
    find(newSettings, block) ? 'nobody' : find(onPrimary, block) ? 'primary' : 'failover',
  );
}
