/**
 * One copy in a process of its own, as its peers are: run.ts SOURCE DESTINATION INDEX. Prints the peak of memory in MB.
 */
import { applyContentPlan, planContentCopy } from '../../src/content/index.ts';

async function main(): Promise<void> {
  const [source = '', destination = '', indexPath = ''] = process.argv.slice(2);

  const plan = await planContentCopy({ site: 'bench', path: source, source, destination });
  const summary = await applyContentPlan(plan, { indexPath });
  if (summary.failed > 0) throw new Error(`${summary.failed} items failed`);
  console.log(Math.round(process.resourceUsage().maxRSS / 1024));
  process.exit(0);
}

void main();
