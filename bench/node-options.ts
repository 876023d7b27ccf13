/** How build/generate/runtime/process.psm1 starts the module's Node process. */
export const nodeOptions: readonly string[] = ['--max-semi-space-size=4'];
