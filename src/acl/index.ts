export { type Account, type AccountLookup, AccountMapper, noLookup } from './accounts.ts';
export { applyAcls } from './apply.ts';
export { AclCarrier } from './carrier.ts';
export { type AclMode, type AclStores, findAclStores } from './find-stores.ts';
export { type AclPlan, type AclPlanOptions, planAcls, type UnmappedAccount } from './plan.ts';
export type { AclStore, Permissions } from './store.ts';
