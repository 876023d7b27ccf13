import { parseArguments } from './test/arguments.ts';
import { addTotals, runProgram, runSuite, type Totals } from './test/run.ts';

// What `npm test` runs after the set-up. The last line is `N passed, N failed`, with `, N skipped` where there are any.
//
//   npm test                                        everything
//   npm test -- --lint                              and what npm run lint does (so does CI=true)
//   npm test -- unit | powershell | e2e | windows   these tests alone
//   npm test -- --grep X                            tests whose title matches, and any other option of mocha

const { suites, lint, checks, mochaOptions } = parseArguments(process.argv.slice(2), process.env);

const results: Totals[] = [];
if (checks)
  results.push(runProgram('generated files are current', 'tsx/dist/cli.mjs', ['build/build.ts', '--check']));
if (lint) {
  results.push(runProgram('types', 'typescript/bin/tsc', ['--noEmit']));
  results.push(
    runProgram('types of the report page', 'typescript/bin/tsc', ['--noEmit', '-p', 'src/report/page']),
  );
  results.push(runProgram('eslint', 'eslint/bin/eslint.js', ['.']));
  results.push(runProgram('prettier', 'prettier/bin/prettier.cjs', ['--check', '.']));
  results.push(runProgram('Windows PowerShell 5.1', 'tsx/dist/cli.mjs', ['build/lint/powershell51.ts']));
}
for (const suite of suites) results.push(runSuite(suite, mochaOptions));

const { passes, failures, pending } = addTotals(results);
console.log(`${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}`);
if (failures > 0 || passes === 0) process.exitCode = 1;
