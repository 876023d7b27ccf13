import {
  type ContentPlan,
  describeDeletes,
  describePlan,
  isNothingToCopy,
  purgeQuarantine,
} from '../../content/index.ts';
import { toFailoverError } from '../../model/failover-error.ts';
import type { Step } from '../../model/plan.ts';
import type { CommandContext, ParameterSet } from '../definition.ts';
import { describeItems, type SitePermissions } from './permissions.ts';

/** Parameters of a copy that makes one side the same as the other. */
export const mirrorParameters = {
  Exclude: {
    type: 'string[]',
    help:
      'What is neither copied nor deleted: patterns as in a .gitignore file at the root of the content, with / ' +
      'between names (*.log, /App_Data/cache/, !keep.log).',
    defaultText: 'The setting content.exclude.',
  },
  Verify: {
    type: 'switch',
    help: 'Reads every file on both sides and compares SHA-256: files that seem equal, and each copy after it was written.',
  },
  MaximumBandwidth: {
    type: 'int',
    help: 'Bytes a second that are copied at most (1MB).',
    range: [1024, 2147483647],
    defaultText: 'No limit.',
  },
  ThrottleLimit: {
    type: 'int',
    help: 'Files that are copied at the same time.',
    range: [1, 64],
    defaultText: 'As many as there are processors, 2 to 4; 8 from a share.',
  },
  Force: {
    type: 'switch',
    help:
      'Copies also from an empty source, deletes more than 30 % of the files, and copies over the content of a site ' +
      'that is failed over.',
  },
} as const satisfies ParameterSet;

export interface CopyStep extends Step {
  readonly content: ContentPlan;
  readonly deletes: boolean;
}

/** Deleting is asked for apart from copying. */
export function stepsOf(content: ContentPlan, acls: SitePermissions | undefined): CopyStep[] {
  const step = (action: string, deletes: boolean): CopyStep => ({
    id: `${deletes ? 'delete' : 'copy'} ${content.destination}`,
    target: content.site,
    action,
    content,
    deletes,
  });
  const action = describeAction(content, acls);
  return [
    ...(action === undefined ? [] : [step(action, false)]),
    ...(content.extra.length === 0 ? [] : [step(describeDeletes(content), true)]),
  ];
}

function describeAction(content: ContentPlan, acls: SitePermissions | undefined): string | undefined {
  const count = acls?.plan.changes.length ?? 0;
  if (isNothingToCopy(content))
    return count === 0 ? undefined : `Re-permission ${describeItems(count)} in ${content.destination}`;
  const copy = describePlan(content);
  return count === 0 ? copy : `${copy}, re-permission ${describeItems(count)}`;
}

export function bySite(contents: readonly ContentPlan[]): Map<string, ContentPlan[]> {
  const sites = new Map<string, ContentPlan[]>();
  for (const content of contents) sites.set(content.site, [...(sites.get(content.site) ?? []), content]);
  return sites;
}

/** Removes what was kept long enough, in all quarantines of these roots. */
export async function purge(
  quarantines: Iterable<string>,
  quarantineDays: number,
  context: CommandContext,
): Promise<void> {
  for (const quarantine of new Set(quarantines)) {
    try {
      const purged = await purgeQuarantine(quarantine, quarantineDays, context.clock.now());
      for (const folder of purged)
        context.verbose(`Removed ${folder}: it was kept for ${quarantineDays} days.`);
    } catch (error) {
      context.error(toFailoverError(error, quarantine));
    }
  }
}
