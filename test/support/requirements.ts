/**
 * Skips a test or a suite (from its `before` hook) where the machine lacks something, and says what. Where
 * IISFAILOVER_REQUIRE_SERVERS is set, as in CI, that is a failure instead.
 *
 * @param missing what is missing, in words, or undefined where nothing is
 */
export function skipWhereMissing(context: Mocha.Context, missing: string | undefined): void {
  if (missing === undefined) return;
  if (process.env.IISFAILOVER_REQUIRE_SERVERS) throw new Error(`Required here, but missing: ${missing}`);
  console.log(`      skipped: ${missing} is missing`);
  context.skip();
}
