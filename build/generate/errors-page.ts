import { errorCatalog } from '../../src/model/error-catalog.ts';
import { findingCatalog } from '../../src/model/finding.ts';
import { formsOf, type Message } from '../../src/model/message.ts';
import { markdownText } from './quote.ts';

/** docs/errors.md: every error and finding with its texts and what to do about it. */
export function errorsPage(): string {
  return [
    '# Errors and findings',
    '',
    '<!-- Generated from src/model by npm run build. -->',
    '',
    'The id is the part of `$_.FullyQualifiedErrorId` before the comma. Ids are stable: scripts may test them. What to do',
    'is also in `$_.ErrorDetails.RecommendedAction`, and the item that failed in `$_.TargetObject`. One item that fails',
    'is one error record; the others go on.',
    '',
    '```powershell',
    'Restore-FailoverSite -ErrorVariable problems -ErrorAction SilentlyContinue',
    "$problems | Where-Object FullyQualifiedErrorId -like 'RestoreRefused,*' | ForEach-Object TargetObject",
    '```',
    '',
    'Below each id are the messages that it comes with; a name in braces stands for what is put in, such as a path, a',
    'site or the reason that the system gave. To find a message here, search for a part of it without its names. Numbers',
    'and times are written alike in every culture.',
    '',
    '## Errors',
    '',
    ...Object.entries(errorCatalog)
      .sort(byId)
      .flatMap(([id, { category, message, remedy }]) => entry(id, category, message, remedy)),
    '## Findings',
    '',
    'A finding is something that an administrator should know of a plan. It is in the property Finding of what the',
    'command gives. An `error` refuses the site that it concerns, and is reported as RestoreRefused.',
    '',
    ...Object.entries(findingCatalog)
      .sort(byId)
      .flatMap(([id, { severity, message, remedy }]) => entry(id, severity, message, remedy)),
  ].join('\n');
}

function entry(id: string, kind: string, message: Message, remedy: string): string[] {
  const texts = formsOf(message).map((text) => `- ${markdownText(text)}`);
  return [`### ${id}`, '', ...texts, '', `**${kind}.** ${markdownText(remedy)}`, ''];
}

function byId([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
