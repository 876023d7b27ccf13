import type { XmlDocument } from '../iis/scan.ts';
import { type Finding, finding } from '../model/finding.ts';
import { type Metabase, type MetabaseNode, textOf } from './metabase.ts';

/** Accounts that Setup makes under the name of the computer: IUSR_<computer>, IWAM_<computer>. */
const ofComputer = /^(IUSR|IWAM)_/i;

/** Warns where a node names an account that Windows made for the primary alone. */
export function localAccountFindings(
  document: XmlDocument,
  { element, location }: MetabaseNode,
  site: string,
): Finding[] {
  return ['AnonymousUserName', 'WAMUserName', 'UNCUserName'].flatMap((property) => {
    const account = textOf(document, element, property);
    if (account === undefined || !ofComputer.test(account)) return [];
    return [finding('AccountOfPrimary', site, `${location}/@${property}`, { account })];
  });
}

/** Warns of a certificate that is not assigned to this very site on the target. */
export function certificateFindings(
  document: XmlDocument,
  { element, location }: MetabaseNode,
  site: string,
  target: Metabase,
  targetNode: MetabaseNode | undefined,
): Finding[] {
  const thumbprint = textOf(document, element, 'SSLCertHash');
  if (!thumbprint) return [];
  const own = targetNode && textOf(target.document, targetNode.element, 'SSLCertHash');
  if (own?.toLowerCase() === thumbprint.toLowerCase()) return [];
  const store = textOf(document, element, 'SSLStoreName') ?? 'MY';
  return [finding('CertificateNeeded.iis6', site, `${location}/@SSLCertHash`, { thumbprint, store })];
}

/** IIS 6 reads its file at run time only with EnableEditWhileRunning; else it writes over it when it stops. */
export function editFindings({ document, nodes, path }: Metabase): Finding[] {
  const computer = nodes.get('lm');
  const enabled = computer && textOf(document, computer.element, 'EnableEditWhileRunning');
  if (enabled === '1' || enabled?.toUpperCase() === 'TRUE') return [];
  return [finding('EditWhileRunningOff', '', '/LM/@EnableEditWhileRunning', { path })];
}
