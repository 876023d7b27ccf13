import { FailoverError } from '../model/failover-error.ts';
import type { ErrorId } from '../model/error-catalog.ts';
import type { EntryKind } from './folder.ts';

/*
 * What the main thread asks of a worker thread and gets back: plain values that structured clone carries. Paths are
 * relative to the roots, `/` between names, '' for the root itself.
 */

/** A FailoverError on its way between threads. */
export interface Problem {
  readonly id: ErrorId;
  readonly message: string;
  readonly target?: string;
}

/** The two sides of a content root and what belongs to it. */
export interface Sides {
  readonly source: string;
  readonly destination: string;
  /** Milliseconds by which equal times may differ. */
  readonly timeTolerance: number;
  /** gitignore patterns: what they name is neither copied nor deleted. */
  readonly exclude: readonly string[];
  /** Folders that are content roots of their own. */
  readonly otherRoots: readonly string[];
  /** Compares the bytes of files that seem equal, by SHA-256. */
  readonly verify: boolean;
  /** Permissions that are compared and carried together with the files; others are carried apart. */
  readonly permissions?: 'posix';
}

export interface FolderToScan {
  readonly path: string;
  /** Times and mode on the primary. */
  readonly ours: FolderState;
  /** And on the standby, where it is there. */
  readonly theirs?: FolderState;
}

export interface FolderState {
  readonly mtimeMs: number;
  readonly mode: number;
}

export interface ScanJob {
  readonly kind: 'scan';
  readonly sides: Sides;
  readonly folders: readonly FolderToScan[];
  /** Folders that are left after this time are given back. */
  readonly sliceMs: number;
}

export interface ScanResult {
  readonly scanned: readonly FolderScan[];
  readonly rest: readonly FolderToScan[];
}

/** Something at the destination that has to go: into the quarantine. */
export interface Removal {
  readonly path: string;
  readonly kind: EntryKind;
  /** Files in it, or 1. */
  readonly files: number;
}

/** What a folder needs. Files are numbers of entries in `files`, so that a million of them stay small. */
export interface FolderScan extends FolderToScan {
  /** Name, size and mtime of each file of the primary that can be read: flat, as JSON (see syncIndexLine). */
  readonly line: string;
  readonly files: number;
  readonly bytesToCopy: number;
  /** Numbers of files that the standby has not; 'all' where that is every file. */
  readonly added: readonly number[] | 'all';
  /** Files that differ, with the size and time that the standby's copy has. */
  readonly changed: readonly (readonly [file: number, size: number, mtimeMs: number])[];
  /** Equal files whose mode differs, and the mode that they should have. */
  readonly modes: readonly (readonly [file: number, mode: number])[];
  /** Names that differ in case only: old, new. */
  readonly renamed: readonly (readonly [from: string, to: string])[];
  /** Only on the standby. */
  readonly extra: readonly Removal[];
  /** In the way of something of another kind. */
  readonly obstacles: readonly Removal[];
  readonly skipped: readonly { readonly path: string; readonly kind: 'link' | 'special' }[];
  readonly leftovers: readonly string[];
  readonly problems: readonly Problem[];
  /** Items on both sides, of which the standby's has other permissions than it should have, encoded for the store. */
  readonly acls: readonly AclDifference[];
  readonly aclProblems: readonly Problem[];
  /** False where the folder could not be read: nothing is known of what it holds. */
  readonly isKnown: boolean;
  /** Files excluded or protected are not counted. */
  readonly destinationFiles: number;
}

export interface AclDifference {
  readonly path: string;
  readonly isFolder: boolean;
  readonly permissions: Uint8Array;
}

export interface FileJob {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  /** The standby's copy is not what the last sync left: it goes to the quarantine. */
  readonly keep: boolean;
}

export interface CopyJob {
  readonly kind: 'copy';
  readonly sides: Sides;
  readonly files: readonly FileJob[];
  /** Folder for copies that are kept, on the volume of the destination. */
  readonly quarantine: string;
  /** See shared.ts. */
  readonly shared: SharedArrayBuffer;
  /** Bytes a second of all threads together. */
  readonly maximumBandwidth: number | undefined;
  /** Leaves each copy under its temporary name: it gets its permissions before it takes its place. */
  readonly stage: boolean;
}

/** A copy that waits for its permissions. */
export interface StagedFile {
  readonly path: string;
  /** Where the copy is until then. */
  readonly temporary: string;
  readonly size: number;
  readonly keep: boolean;
}

export interface CopyResult {
  readonly copied: number;
  readonly bytes: number;
  readonly kept: number;
  readonly failed: readonly { readonly path: string; readonly problem: Problem }[];
  /** Files that were changed since the plan was made, as they were copied. */
  readonly amended: readonly { readonly path: string; readonly size: number; readonly mtimeMs: number }[];
  readonly staged: readonly StagedFile[];
  /** Permissions that could not be carried; the files were copied all the same. */
  readonly aclProblems: readonly Problem[];
  /** Paths not begun, because the run stops. */
  readonly left: readonly string[];
  /** The disk is full: no other file has a chance. */
  readonly fatal?: Problem;
}

export type Job = ScanJob | CopyJob;
export type ResultOf<J extends Job> = J extends ScanJob ? ScanResult : CopyResult;

export function toProblem({ id, message, target }: FailoverError): Problem {
  return target === undefined ? { id, message } : { id, message, target };
}

export function fromProblem({ id, message, target }: Problem): FailoverError {
  return new FailoverError(id, message, target === undefined ? {} : { target });
}
