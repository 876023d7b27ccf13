/** The history of the runs that changed a configuration file, whatever its kind, and what they created in it. */
export {
  fileKey,
  type FileKind,
  type HistoryEntry,
  type HistoryState,
  lastInForce,
  outcomeOf,
  type RecordedChange,
  stateOf,
  undoneIds,
} from './entry.ts';
export { type Ownership, readOwnership } from './ownership.ts';
export { defaultKeep, type History, type Replacement, replaceRecorded } from './replace-recorded.ts';
export { previousFile, readHistory, readRevisions, type Revisions } from './store.ts';
