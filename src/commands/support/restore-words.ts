import type { SiteChange, SiteRestorePlan } from '../../iis/index.ts';
import { failure, type FailoverError } from '../../model/failover-error.ts';
import type { Finding } from '../../model/finding.ts';
import type { CommandContext } from '../definition.ts';

/** A finding to the stream of its severity; errors are the refusal's. */
export function report(finding: Finding, context: CommandContext): void {
  const words = `${finding.site === '' ? '' : `${finding.site}: `}${finding.message}`;
  if (finding.severity === 'warning') context.warning(`${words} ${finding.remedy}`);
  else if (finding.severity === 'information') context.verbose(words);
}

export function refusal(site: SiteRestorePlan): FailoverError {
  const reasons = site.findings.filter((finding) => finding.severity === 'error');
  const why = reasons.map(({ message, remedy }) => `${message} ${remedy}`).join(' ');
  return failure('RestoreRefused', { site: site.name, why }, { target: site.name });
}

export function actionOf(changes: readonly SiteChange[]): string {
  if (changes.length === 0) return 'None';
  const ofSite = changes.find(({ element }) => element === 'site')?.action;
  return ofSite === 'add' ? 'Add' : ofSite === 'remove' ? 'Remove' : 'Update';
}

export function describeChanges(changes: readonly SiteChange[]): string {
  const words = changes.map(describeChange).join(', ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function describeChange({ action, element, name }: SiteChange): string {
  const noun = { site: 'site', applicationPool: 'application pool', location: 'location' }[element];
  return `${action} ${noun} ${name}`;
}

export function findingObject({ severity, id, site, location, message, remedy }: Finding): object {
  return { Severity: severity, Id: id, Site: site, Location: location, Message: message, Remedy: remedy };
}
