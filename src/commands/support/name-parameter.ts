import type { ParameterDefinition } from '../definition.ts';

/** -Name as every command for sites has it: first position, from the pipeline, with wildcards. */
export function nameParameter(help: string, defaultText: string) {
  return {
    type: 'string[]',
    position: 0,
    pipeline: 'both',
    wildcards: true,
    help,
    defaultText,
  } as const satisfies ParameterDefinition;
}
