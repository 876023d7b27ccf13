import assert from 'node:assert/strict';
import {
  type Configuration,
  exportSite,
  listSites,
  parseConfiguration,
  planRestore,
  type SiteBackup,
} from '../../../src/iis/index.ts';
import { formatBackup, parseBackup } from '../../../src/iis/backup-file.ts';
import { checkWellFormed } from '../../../src/iis/gate.ts';
import { FailoverError } from '../../../src/model/failover-error.ts';
import { corpus, exportOptions } from '../samples.ts';
import { mutateBytes, mutateStructure, pick, type Random, randomOf } from './mutate.ts';
import { remainder } from './remainder.ts';

// IISFAILOVER_FUZZ_CASES=20000 IISFAILOVER_FUZZ_SEED=7 runs that many cases from that seed; a failure names its seed.
const cases = Number(process.env.IISFAILOVER_FUZZ_CASES ?? 1000);
const firstSeed = Number(process.env.IISFAILOVER_FUZZ_SEED ?? 1);

/** What a file that cannot be used may be refused with; anything else is a defect. */
const refusals = [
  'ConfigurationEncoding',
  'ConfigurationMalformed',
  'ConfigurationIncomplete',
  'SiteInvalid',
  'SiteDuplicate',
  'SiteNameInvalid',
  'BackupInvalid',
  'BackupTampered',
  'BackupTruncated',
];
const maps = {
  pathMap: new Map([['C:\\inetpub', 'D:\\$&inetpub']]),
  addressMap: new Map([['10.1.1.1', '10.1.1.2']]),
};

describe('mutated real files', () => {
  it(`are refused with an error or restored rightly, and no byte of others changes (${cases} cases)`, async function () {
    this.timeout(Math.max(60_000, cases * 200));
    let accepted = 0;
    for (let seed = firstSeed; seed < firstSeed + cases; seed++) {
      try {
        if (await runCase(randomOf(seed))) accepted++;
      } catch (error) {
        throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
      }
    }
    assert.ok(accepted > cases / 10, `only ${accepted} of ${cases} cases got as far as a restore`);
  });
});

/** True where the case got as far as a restore. */
async function runCase(random: Random): Promise<boolean> {
  const original = pick(random, corpus);
  const isStructural = random() < 0.5;
  const bytes = isStructural
    ? Buffer.from(mutateStructure(original.bytes.toString('utf8'), random))
    : mutateBytes(original.bytes, random);
  const mutated = unlessRefused(() => parseConfiguration(bytes, 'mutated.config'));
  if (mutated === undefined) return false;
  const other = parseConfiguration(pick(random, corpus).bytes, 'other.config');
  const fromMutated = random() < 0.5;
  const [source, target] = fromMutated ? [mutated, other] : [other, mutated];
  const sites = listSites(source);
  if (sites.length === 0) return false;
  const names = new Set(Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, sites).name));
  const backups: SiteBackup[] = [];
  for (const name of names) {
    const backup = unlessRefused(() => exportSite(source, name, exportOptions));
    if (backup === undefined) continue;
    const read = await throughFile(backup, random);
    if (read !== undefined) backups.push(read);
  }
  return checkRestore(target, backups);
}

function checkRestore(target: Configuration, backups: readonly SiteBackup[]): boolean {
  const plan = unlessRefused(() => planRestore(target, backups, maps));
  if (plan === undefined) return false;
  const accepted = plan.sites.filter(({ refused }) => !refused).map(({ name }) => name);
  const text = plan.text(accepted);
  checkWellFormed(text, 'result', 'Internal');
  const changes = plan.sites.flatMap((site) => site.changes);
  const owned = {
    sites: accepted,
    pools: changes.filter(({ element }) => element === 'applicationPool').map(({ name }) => name),
  };
  assertSame(remainder(text, owned), remainder(target.document.text, owned));
  const result = parseConfiguration(Buffer.from(text), 'result.config');
  const again = planRestore(
    result,
    backups.filter(({ name }) => accepted.includes(name)),
    maps,
  );
  assert.deepEqual(
    again.sites.flatMap((site) => site.changes),
    [],
  );
  return true;
}

/** The texts are long: says only where they part. */
function assertSame(actual: string, expected: string): void {
  if (actual === expected) return;
  let at = 0;
  while (actual[at] === expected[at]) at++;
  const around = (text: string): string => text.slice(Math.max(0, at - 100), at + 200);
  assert.equal(around(actual), around(expected));
}

/** The backup written and read again; undefined where it was spoilt on the way, and refused. */
async function throughFile(backup: SiteBackup, random: Random): Promise<SiteBackup | undefined> {
  const bytes = Buffer.from(await formatBackup(backup));
  if (random() < 0.2) {
    const spoilt = mutateBytes(bytes, random);
    if (!spoilt.equals(bytes)) {
      await assert.rejects(parseBackup(spoilt, 'backup.xml'), (error) => isRefusal(error));
      return undefined;
    }
  }
  const read = await parseBackup(bytes, 'backup.xml');
  assert.deepEqual([read.name, read.id, read.contentRoots], [backup.name, backup.id, backup.contentRoots]);
  return read;
}

function unlessRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof FailoverError && refusals.includes(error.id);
}
