/** The history of the runs that changed a configuration file, whatever its kind, and what they created in it. */
export {
  fileKey,
  type FileKind,
  type HistoryEntry,
  type HistoryState,
  lastInForce,
  type RecordedChange,
} from './entry.ts';
export { type Ownership, readOwnership } from './ownership.ts';
export { defaultKeep, type History, type Replacement, replaceRecorded } from './replace-recorded.ts';
export { currentHistory, type CurrentHistory, previousFile, readHistory, type Revisions } from './store.ts';
export {
  applyUndo,
  planUndo,
  planUndos,
  type Revert,
  type Reverted,
  type Reverts,
  type UndoPlan,
} from './undo.ts';
