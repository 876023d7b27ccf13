import type { FailoverError } from '../model/failover-error.ts';
import type { Plan, Step } from '../model/plan.ts';
import type { Secret } from '../model/secret.ts';
import {
  applyRemoval,
  applySetup,
  desiredItems,
  findItems,
  type Found,
  itemKey,
  openSetupStores,
  planRemoval,
  planSetup,
  readRecord,
  type Removal,
  type RemovalStep,
  type SetupItem,
  type SetupStep,
  type SetupStores,
} from '../setup/index.ts';
import type { TaskRole } from '../tasks/index.ts';
import { change, type CommandContext } from './definition.ts';
import { output } from './output.ts';
import { stateFolder } from './support/places.ts';
import { desiredServer, settingsOrNone } from './support/setup.ts';

interface SetupPlan extends Plan<Step> {
  readonly stores: SetupStores;
  readonly stateFolder: string;
  readonly role: TaskRole;
  readonly work:
    | { readonly kind: 'removal'; readonly removal: Removal }
    | {
        readonly kind: 'setup';
        readonly items: readonly SetupItem[];
        readonly found: Found;
        readonly password: Secret | undefined;
        readonly settingsGroup: number | undefined;
      };
}

export const initializeFailoverServer = change({
  kind: 'change',
  verb: 'Initialize',
  noun: 'FailoverServer',
  synopsis: 'Sets up a server for its role: folders, share, permissions, event source, settings and tasks.',
  description: [
    'Makes the folder of the settings, the state folder and, on the failover server, the backup folder, and closes ' +
      'them to all but SYSTEM, Administrators and the failover account (on Linux by owner and mode). Shares the backup ' +
      'folder as failover$ with Administrators and the failover accounts. Registers the event source IisFailover and ' +
      'the scheduled tasks of the role; those that are there already keep their times. Writes first settings where there are none and the addresses are given.',
    'Each of these is compared with what is there and left alone where it is so already: a second run changes nothing. ' +
      '-WhatIf shows what would be done.',
    '-Remove takes back what this command made, and nothing else: it is written down in setup.json in the state ' +
      'folder. Settings, backups and state stay; of folders only empty ones go. What was changed by hand since stays.',
  ],
  parameters: {
    Role: {
      type: 'string',
      mandatory: true,
      position: 0,
      choices: ['Primary', 'Failover', 'Monitor'],
      help: 'What this server is. One that is two is set up for each.',
    },
    UserName: {
      type: 'string',
      help:
        'The account that the tasks run as: a group-managed service account (CORP\\failover$), on Linux any user. It ' +
        'may read the settings and write state and backups.',
      defaultText: 'The system (on Linux root).',
    },
    Credential: { type: 'credential', help: 'The same with a password. Windows only.' },
    ShareAccount: {
      type: 'string[]',
      help:
        'More accounts that may read and write the share and its folder: the one that backs up on the primary ' +
        '(CORP\\PRIMARY$ where the system does) and the one of the monitor.',
    },
    BackupFolder: {
      type: 'path',
      help: 'The folder of the backups on the failover server.',
      defaultText:
        'The setting backup.folder where it is a local folder, else backup beside the settings file.',
    },
    ShareName: {
      type: 'string',
      help: 'Name of the share; one that ends in $ is hidden.',
      defaultText: 'The one that the setting backup.folder names, else failover$.',
    },
    ConfigurationFile: {
      type: 'path',
      help: "The primary's applicationHost.config, for first settings.",
      defaultText: 'The file in force on this server.',
    },
    PrimaryAddress: { type: 'string[]', help: 'Public addresses of the primary, for first settings.' },
    FailoverAddress: { type: 'string[]', help: 'The same of the failover server.' },
    DnsServer: { type: 'string[]', help: 'Addresses of the DNS servers, for first settings.' },
    NoTask: {
      type: 'switch',
      help: 'Leaves the scheduled tasks alone: another scheduler runs the commands.',
    },
    Remove: { type: 'switch', help: 'Takes back what this command made for the role.' },
  },
  output: output(
    'IisFailover.SetupItem',
    {
      Kind: { type: 'string', help: 'Folder, Settings, Share, EventSource or Task.' },
      Name: { type: 'string', help: 'Its path or name.' },
      Action: {
        type: 'string',
        help: 'Create, Change, or None where it was so already; Remove, Restore or Keep with -Remove.',
      },
      Detail: { type: 'string', help: 'What was done, or why not.' },
    },
    [
      { property: 'Kind', width: 11 },
      { property: 'Action', width: 8 },
      { property: 'Name', width: 40 },
      { property: 'Detail' },
    ],
  ),
  confirmImpact: 'Medium',
  examples: [
    {
      title: 'See what the failover server lacks',
      code: 'Initialize-FailoverServer Failover -SettingsPath .\\failover.json -WhatIf',
      explanation: 'One line for each thing that is missing or other than it should be. Nothing is changed.',
    },
    {
      title: 'Set up a primary with first settings',
      code:
        'Initialize-FailoverServer Primary -ConfigurationFile .\\applicationHost.config -PrimaryAddress 10.1.1.1 ' +
        '-FailoverAddress 10.1.1.2 -DnsServer 10.1.1.3 -SettingsPath .\\setup\\failover.json -NoTask',
      explanation:
        'Makes the folder setup with its state folder, and writes settings for the sites in the file.',
    },
    {
      title: 'Take it back',
      code: 'Initialize-FailoverServer Primary -SettingsPath .\\setup\\failover.json -Remove',
      explanation: 'The settings file stays, and with it the folder it lies in.',
    },
  ],
  related: [
    'Initialize-FailoverZone',
    'New-FailoverSetting',
    'Register-FailoverTask',
    'Test-FailoverReadiness',
  ],

  async plan(parameters, context): Promise<SetupPlan> {
    const loaded = await settingsOrNone(context);
    const folder = stateFolder(context, loaded);
    const stores = await openSetupStores();
    const role = parameters.Role;
    try {
      if (parameters.Remove === true) {
        const { entries } = await readRecord(folder);
        const removal = planRemoval(entries, role, await findItems(entries, stores));
        return {
          steps: removal.steps,
          stores,
          stateFolder: folder,
          role,
          work: { kind: 'removal', removal },
        };
      }
      const { server, settingsGroup } = await desiredServer(parameters, loaded, folder, stores, context);
      const items = desiredItems(server);
      const found = await findItems(items, stores);
      const password = parameters.Credential?.password;
      const work = { kind: 'setup', items, found, password, settingsGroup } as const;
      return { steps: planSetup(items, found), stores, stateFolder: folder, role, work };
    } finally {
      await stores.close();
    }
  },

  async *apply(approved, plan, context) {
    try {
      if (plan.work.kind === 'removal')
        yield* remove(approved as RemovalStep[], plan, plan.work.removal, context);
      else yield* setUp(approved as SetupStep[], plan, plan.work, context);
    } finally {
      await plan.stores.close();
    }
  },
});

async function* setUp(
  approved: readonly SetupStep[],
  plan: SetupPlan,
  work: Extract<SetupPlan['work'], { kind: 'setup' }>,
  context: CommandContext,
) {
  const planned = new Set(plan.steps.map((step) => itemKey((step as SetupStep).item)));
  for (const item of work.items)
    if (!planned.has(itemKey(item)))
      yield { Kind: item.kind, Name: item.name, Action: 'None', Detail: 'As it should be' };
  const run = {
    ...plan,
    ...work,
    onError: (error: FailoverError) => context.error(error),
  };
  for await (const { item, change, action } of applySetup(approved, run))
    yield { Kind: item.kind, Name: item.name, Action: change as string, Detail: action };
}

async function* remove(
  approved: readonly RemovalStep[],
  { stores, stateFolder }: SetupPlan,
  removal: Removal,
  context: CommandContext,
) {
  for (const { entry, why } of removal.kept)
    yield { Kind: entry.kind, Name: entry.name, Action: 'Keep', Detail: why };
  const steps = applyRemoval(approved, removal, stateFolder, stores, (error) => context.error(error));
  for await (const { step, done } of steps) {
    const { kind, name, before, sddlBefore } = step.entry;
    const given = before !== undefined || sddlBefore !== undefined;
    yield {
      Kind: kind,
      Name: name,
      Action: !done ? 'Keep' : given ? 'Restore' : 'Remove',
      Detail: done ? step.action : 'It is not empty',
    };
  }
}
