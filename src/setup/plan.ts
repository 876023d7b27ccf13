import { failure } from '../model/failover-error.ts';
import type { Step } from '../model/plan.ts';
import { jobs } from '../tasks/index.ts';
import { describeAccess, sameAccess, sameDacl } from './access.ts';
import type { Found, SetupItem } from './items.ts';

export type SetupAction = 'None' | 'Create' | 'Change';

export interface SetupStep extends Step {
  readonly item: SetupItem;
  readonly change: Exclude<SetupAction, 'None'>;
}

/**
 * What has to be done so that what is found becomes what is wanted: nothing where all is there.
 * @throws FailoverError ShareTaken where a share of the name shares another folder
 */
export function planSetup(items: readonly SetupItem[], found: Found): SetupStep[] {
  return items.flatMap((item) => {
    const change = changeOf(item, found);
    if (change === 'None') return [];
    return [
      { id: `${item.kind} ${item.name}`, target: item.name, action: words(item, change), item, change },
    ];
  });
}

function changeOf(item: SetupItem, found: Found): SetupAction {
  switch (item.kind) {
    case 'Folder': {
      const access = found.folders.get(item.name);
      if (access === undefined) return 'Create';
      return sameAccess(access, item.access) ? 'None' : 'Change';
    }
    case 'Settings':
      return found.settings.has(item.name) ? 'None' : 'Create';
    case 'Share': {
      const share = found.shares.get(item.name.toLowerCase());
      if (share === undefined) return 'Create';
      if (share.path.toLowerCase() !== item.path.toLowerCase())
        throw failure(
          'ShareTaken',
          { name: item.name, shared: share.path, folder: item.path },
          { target: item.name },
        );
      return sameDacl(share.sddl, item.sddl) ? 'None' : 'Change';
    }
    case 'EventSource':
      return found.eventSources.has(item.name.toLowerCase()) ? 'None' : 'Create';
    case 'Task':
      // One that is there may have been given other times, or was disabled for a reason.
      return found.tasks.has(item.name) ? 'None' : 'Create';
  }
}

function words(item: SetupItem, change: 'Create' | 'Change'): string {
  switch (item.kind) {
    case 'Folder':
      return change === 'Create'
        ? `Create the ${item.purpose}, closed to other accounts (${describeAccess(item.access)})`
        : `Close the ${item.purpose} to other accounts (${describeAccess(item.access)})`;
    case 'Settings':
      return `Write first settings for ${item.sites} ${item.sites === 1 ? 'site' : 'sites'}`;
    case 'Share':
      return change === 'Create'
        ? `Share ${item.path} with Administrators and the failover accounts`
        : `Restrict the share to Administrators and the failover accounts`;
    case 'EventSource':
      return `Register the source of events in the log ${item.log}`;
    case 'Task':
      return `Run ${jobs[item.task.job].command} as ${item.task.userName ?? 'the system'}`;
  }
}
