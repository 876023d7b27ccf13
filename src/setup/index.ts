/** Set-up of a server: what it needs, what is there, and how it is taken back. */
export type { AccountId } from './access.ts';
export { desiredItems, type DesiredServer, shareOf } from './desired.ts';
export { findItems } from './find.ts';
export { requireOwnFolder } from './folder-store.ts';
export { itemKey, type Found, type SetupItem } from './items.ts';
export { planSetup, type SetupStep } from './plan.ts';
export { readRecord } from './record.ts';
export { planRemoval, type Removal, type RemovalStep } from './removal.ts';
export { applyRemoval, applySetup } from './run.ts';
export { openSetupStores, type SetupStores } from './stores.ts';
