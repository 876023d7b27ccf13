import assert from 'node:assert/strict';
import { parseArguments } from '../../build/test/arguments.ts';
import { addTotals } from '../../build/test/run.ts';

describe('npm test', () => {
  it('runs all suites and checks, and lints where CI or --lint says so', () => {
    const all = { suites: ['unit', 'powershell', 'e2e', 'windows'], checks: true, mochaOptions: [] };
    assert.deepEqual(parseArguments([], {}), { ...all, lint: false });
    assert.deepEqual(parseArguments(['--lint'], {}), { ...all, lint: true });
    assert.deepEqual(parseArguments([], { CI: 'true' }), { ...all, lint: true });
  });

  it('runs only the suites that are named', () => {
    const { suites, checks, lint } = parseArguments(['e2e', 'unit'], { CI: 'true' });
    assert.deepEqual({ suites, checks, lint }, { suites: ['unit', 'e2e'], checks: false, lint: false });
  });

  it("passes mocha's options on, and runs no checks then", () => {
    const { suites, checks, mochaOptions } = parseArguments(['powershell', '--grep', 'exit codes'], {});
    assert.deepEqual(
      { suites, checks, mochaOptions },
      {
        suites: ['powershell'],
        checks: false,
        mochaOptions: ['--grep', 'exit codes'],
      },
    );
  });

  it("takes a word behind one of mocha's options for its value", () => {
    const { suites, mochaOptions } = parseArguments(['unit', '--grep', 'e2e'], {});
    assert.deepEqual({ suites, mochaOptions }, { suites: ['unit'], mochaOptions: ['--grep', 'e2e'] });
  });

  it('adds the totals of its parts', () => {
    const parts = [
      { passes: 2, failures: 0, pending: 1 },
      { passes: 3, failures: 1, pending: 0 },
    ];
    assert.deepEqual(addTotals(parts), { passes: 5, failures: 1, pending: 1 });
  });
});
