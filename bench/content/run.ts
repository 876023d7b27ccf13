/**
 * One copy in a process of its own, as its peers are: run.ts SOURCE DESTINATION INDEX [acl]. With `acl` owners and
 * POSIX ACLs are compared and carried. Prints the peak of memory in MB.
 */
import { AccountMapper, AclCarrier, applyAcls, findAclStores, noLookup } from '../../src/acl/index.ts';
import { applyContentPlan, planContentCopy } from '../../src/content/index.ts';

async function main(): Promise<void> {
  const [source = '', destination = '', indexPath = '', acl] = process.argv.slice(2);
  const permissions = acl === 'acl' ? ({ permissions: 'posix' } as const) : {};
  const plan = await planContentCopy({ site: 'bench', path: source, source, destination }, permissions);
  const summary = await applyContentPlan(plan, { indexPath });
  let failed = summary.failed + plan.aclProblems.length;
  if (plan.acls.length > 0) {
    const stores = await findAclStores(source, destination, 'posix', () => Promise.reject(new Error()));
    if ('reason' in stores) throw new Error(stores.reason);
    const carrier = new AclCarrier({ ...stores, accounts: new AccountMapper(new Map(), noLookup) });
    const changes = { source, destination, changes: plan.acls, unmapped: [], problems: [] };
    failed += (await applyAcls(changes, carrier)).failed;
  }
  if (failed > 0) throw new Error(`${failed} items failed`);
  console.log(Math.round(process.resourceUsage().maxRSS / 1024));
  process.exit(0);
}

void main();
