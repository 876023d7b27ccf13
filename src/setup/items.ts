import type { TaskDefinition } from '../tasks/index.ts';
import type { Access } from './access.ts';

/** What a server needs to have. `name` is what it is found by, and unique within its kind. */
export type SetupItem =
  | { readonly kind: 'Folder'; readonly name: string; readonly purpose: string; readonly access: Access }
  | { readonly kind: 'Settings'; readonly name: string; readonly text: string; readonly sites: number }
  | { readonly kind: 'Share'; readonly name: string; readonly path: string; readonly sddl: string }
  | { readonly kind: 'EventSource'; readonly name: string; readonly log: string }
  | {
      readonly kind: 'Task';
      readonly name: string;
      readonly task: TaskDefinition;
      /** What the scheduler would list it as. */
      readonly definition: string;
    };

export type SetupKind = SetupItem['kind'];

/** What is there of the items: by kind and name, undefined where there is none. */
export interface Found {
  readonly folders: ReadonlyMap<string, Access>;
  readonly settings: ReadonlySet<string>;
  readonly shares: ReadonlyMap<string, ShareState>;
  readonly eventSources: ReadonlySet<string>;
  readonly tasks: ReadonlyMap<string, { readonly definition: string }>;
}

export interface ShareState {
  readonly path: string;
  readonly sddl: string;
}

export function itemKey({ kind, name }: { readonly kind: SetupKind; readonly name: string }): string {
  // Names of shares, tasks and sources have no case; paths of folders have one on Linux.
  const path = kind === 'Folder' || kind === 'Settings';
  return `${kind} ${path && process.platform !== 'win32' ? name : name.toLowerCase()}`;
}
