/** The tests, in the order they run. A suite that starts programs gets more time. */
export const testSuites = {
  unit: {
    spec: 'test/**/*.test.ts',
    ignore: ['test/powershell/**', 'test/e2e/**', 'test/wine/**'],
    timeoutMs: 30_000,
  },
  powershell: { spec: 'test/powershell/**/*.test.ts', ignore: [], timeoutMs: 60_000 },
  e2e: { spec: 'test/e2e/**/*.test.ts', ignore: [], timeoutMs: 120_000 },
  // Where `npm run test:windows` or CI has set up wine; elsewhere they are skipped.
  windows: { spec: 'test/wine/**/*.test.ts', ignore: [], timeoutMs: 120_000 },
} as const;

export type SuiteName = keyof typeof testSuites;

export interface TestArguments {
  readonly suites: readonly SuiteName[];
  /** Types, eslint, prettier and what Windows PowerShell 5.1 lacks. */
  readonly lint: boolean;
  /** That the generated files are current; left out where the caller asked for some tests only. */
  readonly checks: boolean;
  readonly mochaOptions: readonly string[];
}

/** `[unit] [powershell] [e2e] [windows] [--lint] [mocha's options]` */
export function parseArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): TestArguments {
  const all = Object.keys(testSuites) as SuiteName[];
  const rest = args.filter((arg) => arg !== '--lint');
  // A word behind an option is the option's value: `--grep unit`.
  const named = rest.filter(
    (arg, index) => Object.hasOwn(testSuites, arg) && !rest[index - 1]?.startsWith('-'),
  );
  const chosen = all.filter((suite) => named.includes(suite));
  const mochaOptions = rest.filter((arg) => !named.includes(arg));
  const isWhole = chosen.length === 0 && mochaOptions.length === 0;
  return {
    suites: chosen.length > 0 ? chosen : all,
    lint: args.includes('--lint') || (env.CI === 'true' && isWhole),
    checks: isWhole,
    mochaOptions,
  };
}
