import type { ParameterSet } from '../definition.ts';

/** Where the backups are, and what opens them. */
export const backupParameters = {
  Source: {
    type: 'path',
    help: 'Folder of the backups.',
    defaultText: 'The setting backup.folder.',
  },
  Password: {
    type: 'securestring',
    help: 'The password of the backups.',
    defaultText: 'The secret that the setting backup.password refers to.',
  },
} as const satisfies ParameterSet;

/** What is otherwise on this server than on the primary. */
export const mapParameters = {
  PathMap: {
    type: 'hashtable',
    help: 'Folders of the primary and what they are here. The longest matching folder counts.',
    defaultText: 'The setting pathMap.',
  },
  AddressMap: {
    type: 'hashtable',
    help: "Addresses of the primary's bindings and what they are here.",
    defaultText: 'The setting addressMap.',
  },
} as const satisfies ParameterSet;
