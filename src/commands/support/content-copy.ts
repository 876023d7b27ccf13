import { dirname, join } from 'node:path';
import type { ContentPlan, ContentRoot, CopySummary } from '../../content/index.ts';
import { formatBytes, planLines } from '../../content/index.ts';
import { parsePath, startsWith } from '../../model/path-map.ts';
import type { CommandContext } from '../definition.ts';
import { output } from '../output.ts';
import { describeItems } from './permissions.ts';

/** A host name or a drive stays; a path starts at the settings file. */
export function serverSetting(
  value: string | undefined,
  resolvePath: (path: string) => string,
): string | undefined {
  if (value === undefined || !/[\\/]/.test(value)) return value;
  return resolvePath(value);
}

/**
 * Where what is deleted from a root goes: beside the outermost of the roots that it lies in, so that no site serves
 * it, on the same volume, so that moving is enough.
 */
export function quarantineBeside(root: ContentRoot, roots: readonly ContentRoot[]): string {
  const path = parsePath(root.destination);
  const above = roots
    .map(({ destination }) => destination)
    .filter((other) => startsWith(path, parsePath(other)));
  const outermost = above.reduce((a, b) => (b.length < a.length ? b : a), root.destination);
  return join(dirname(outermost), '.failover-quarantine');
}

/** The roots inside of a root, which are copied on their own: relative, `/` between names. */
export function rootsInside(root: ContentRoot, roots: readonly ContentRoot[]): string[] {
  const { segments } = parsePath(root.destination);
  return roots
    .map(({ destination }) => parsePath(destination))
    .filter(
      (other) => other.segments.length > segments.length && startsWith(other, parsePath(root.destination)),
    )
    .map((other) => other.segments.slice(segments.length).join('/'));
}

export function reportProblems(plan: ContentPlan, context: CommandContext): void {
  for (const problem of plan.problems) context.error(problem);
  const links = plan.skipped.filter((item) => item.kind === 'link').length;
  const special = plan.skipped.length - links;
  if (plan.skipped.length > 0)
    context.warning(
      `${plan.site}: ${links} links and ${special} special files in ${plan.source} are not copied.`,
    );
}

/** So many changes of a root are told one by one with -Verbose. */
const linesTold = 1000;

export function tellLines(plan: ContentPlan, context: CommandContext): void {
  let told = 0;
  for (const line of planLines(plan)) {
    if (told++ === linesTold) {
      context.verbose(`${plan.site}: more than ${linesTold} changes; the others are not listed`);
      return;
    }
    context.verbose(`${plan.site}: ${line}`);
  }
}

/** What was done to one content root. */
export interface RootSummary extends CopySummary {
  readonly aclsChanged: number;
  readonly aclsUnmapped: readonly string[];
  /** Paths of files that were changed on both sides (-Reverse). */
  readonly conflicts: readonly string[];
}

export function describeSummary(summary: RootSummary): string {
  const { site, filesCopied, bytes, unchanged, filesDeleted, filesKept, failed, destination, aclsChanged } =
    summary;
  const words = [
    `${filesCopied} files (${formatBytes(bytes)}) copied to ${destination}`,
    ...(filesDeleted > 0 ? [`${filesDeleted} deleted`] : []),
    ...(filesKept > 0 ? [`${filesKept} that were changed here kept in the quarantine`] : []),
    `${unchanged} unchanged`,
    ...(aclsChanged > 0 ? [`${describeItems(aclsChanged)} re-permissioned`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  return `${site}: ${words.join(', ')}`;
}

export const copyOutput = output(
  'IisFailover.ContentCopy',
  {
    Name: { type: 'string', help: 'The site.' },
    Source: { type: 'string[]', help: 'Where the content was read: the content folders of the site.' },
    Destination: { type: 'string[]', help: 'Where it was copied to.' },
    FilesCopied: { type: 'int', help: 'Files that were new or changed.' },
    FilesDeleted: { type: 'int', help: 'Files that the primary no longer has; they are in the quarantine.' },
    FilesKept: {
      type: 'int',
      help: 'Files overwritten although they had been changed here; what they held is in the quarantine.',
    },
    Bytes: { type: 'long', help: 'Bytes copied.' },
    BytesPerSecond: { type: 'long', help: 'Bytes copied in a second, comparison not counted.' },
    FilesUnchanged: { type: 'int', help: 'Files that were the same already.' },
    AclsChanged: { type: 'int', help: 'Items whose permissions alone were changed.' },
    AclsUnmapped: {
      type: 'string[]',
      help: 'Accounts in permissions of the primary that this server does not have.',
    },
    Conflicts: {
      type: 'string[]',
      help: 'With -Reverse: files that were changed on both sides since the last copy.',
    },
    Skipped: { type: 'int', help: 'Links and special files.' },
    Failed: {
      type: 'int',
      help: 'Items that could not be copied or deleted; each was reported as an error.',
    },
    Quarantine: { type: 'string[]', help: 'Folders that hold what was deleted and kept.' },
    Duration: { type: 'timespan', help: 'How long copying took.' },
  },
  [
    { property: 'Name', width: 24 },
    { property: 'FilesCopied', width: 11, align: 'Right', label: 'Copied' },
    { property: 'FilesDeleted', width: 9, align: 'Right', label: 'Deleted' },
    { property: 'Bytes', width: 12, align: 'Right' },
    { property: 'FilesUnchanged', width: 10, align: 'Right', label: 'Unchanged' },
    { property: 'AclsChanged', width: 6, align: 'Right', label: 'Acls' },
    { property: 'Failed', width: 7, align: 'Right' },
    { property: 'Destination' },
  ],
);

/** One object for a site, whatever the number of its content folders. */
export function copyObject(site: string, summaries: readonly RootSummary[]) {
  const sum = (pick: (summary: RootSummary) => number): number =>
    summaries.reduce((total, summary) => total + pick(summary), 0);
  const bytes = sum((summary) => summary.bytes);
  const duration = sum((summary) => summary.durationMs);
  return {
    Name: site,
    Source: summaries.map(({ source }) => source),
    Destination: summaries.map(({ destination }) => destination),
    FilesCopied: sum((summary) => summary.filesCopied),
    FilesDeleted: sum((summary) => summary.filesDeleted),
    FilesKept: sum((summary) => summary.filesKept),
    Bytes: bytes,
    BytesPerSecond: duration > 0 ? Math.round((bytes * 1000) / duration) : 0,
    FilesUnchanged: sum((summary) => summary.unchanged),
    AclsChanged: sum((summary) => summary.aclsChanged),
    AclsUnmapped: [...new Set(summaries.flatMap(({ aclsUnmapped }) => aclsUnmapped))],
    Conflicts: summaries.flatMap(({ conflicts }) => conflicts),
    Skipped: sum((summary) => summary.skipped),
    Failed: sum((summary) => summary.failed),
    Quarantine: summaries.flatMap(({ quarantine }) => quarantine ?? []),
    Duration: duration,
  };
}
