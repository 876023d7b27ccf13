import type { SwitchPlan, SwitchRequest } from './plan-types.ts';

/** The names whose record sets a plan needs: the host names and the `old` record. Normalised. */
export declare function namesToRead(
  request: Pick<SwitchRequest, 'zone' | 'hostNames' | 'options'>,
): string[];

/** Plans the switch of one site in one zone; changes nothing and throws nothing but on invalid names. */
export declare function planSwitch(request: SwitchRequest): SwitchPlan;
