import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testSuites, type SuiteName } from './arguments.ts';

/** Counts of tests, as mocha names them. */
export interface Totals {
  readonly passes: number;
  readonly failures: number;
  readonly pending: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

export function addTotals(results: readonly Totals[]): Totals {
  const sum = (of: (totals: Totals) => number) => results.reduce((total, result) => total + of(result), 0);
  return {
    passes: sum(({ passes }) => passes),
    failures: sum(({ failures }) => failures),
    pending: sum(({ pending }) => pending),
  };
}

/** Runs a program of node_modules as one check that passes or fails. */
export function runProgram(title: string, script: string, args: readonly string[]): Totals {
  console.log(`\n  ${title}`);
  const passed = runNode([join(root, 'node_modules', script), ...args], {}) === 0;
  console.log(passed ? '    ✔ passed' : '    ✘ failed');
  return { passes: passed ? 1 : 0, failures: passed ? 0 : 1, pending: 0 };
}

/** Runs one suite in a process of its own. A mocha that ends without totals, or fails for another reason, is one failure. */
export function runSuite(name: SuiteName, mochaOptions: readonly string[]): Totals {
  const { spec, ignore, timeoutMs } = testSuites[name];
  const folder = mkdtempSync(join(tmpdir(), 'iisfailover-totals-'));
  const file = join(folder, 'totals.json');
  try {
    const mocha = ['--import', 'tsx', join(root, 'node_modules/mocha/bin/mocha.js'), '--no-config'];
    const options = [
      '--timeout',
      String(timeoutMs),
      '--reporter',
      join(root, 'test/support/totals-reporter.ts'),
    ];
    for (const pattern of ignore) options.push('--ignore', pattern);
    const status = runNode([...mocha, ...options, ...mochaOptions, spec], { IISFAILOVER_TEST_TOTALS: file });
    return checkedTotals(name, status, readTotals(file));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkedTotals(name: SuiteName, status: number | null, totals: Totals | undefined): Totals {
  if (totals === undefined) {
    console.log(`  The ${name} tests ended without a result (exit code ${status}).`);
    return { passes: 0, failures: 1, pending: 0 };
  }
  if (status !== 0 && totals.failures === 0) {
    console.log(`  The ${name} tests passed, but mocha ended with exit code ${status}.`);
    return { ...totals, failures: 1 };
  }
  return totals;
}

function readTotals(file: string): Totals | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Totals;
  } catch {
    return undefined;
  }
}

function runNode(args: readonly string[], env: Readonly<Record<string, string>>): number | null {
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  return status;
}
