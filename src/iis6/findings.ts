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
    const message = `The account ${account} is one of the primary itself`;
    return [finding('AccountOfPrimary', site, `${location}/@${property}`, message)];
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
  const message = `The site needs the certificate ${thumbprint} in the store ${store}`;
  return [finding('CertificateNeeded', site, `${location}/@SSLCertHash`, message)];
}

/** IIS 6 reads its file at run time only with EnableEditWhileRunning; else it writes over it when it stops. */
export function editFindings({ document, nodes, path }: Metabase): Finding[] {
  const computer = nodes.get('lm');
  const enabled = computer && textOf(document, computer.element, 'EnableEditWhileRunning');
  if (enabled === '1' || enabled?.toUpperCase() === 'TRUE') return [];
  const message = `${path} may not be edited while IISADMIN runs: EnableEditWhileRunning is not 1`;
  return [finding('EditWhileRunningOff', '', '/LM/@EnableEditWhileRunning', message)];
}
