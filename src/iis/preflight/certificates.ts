import { type Finding, finding } from '../../model/finding.ts';
import type { Binding } from '../../model/site.ts';
import { describeCertificate } from '../certificates.ts';
import { attributePath, bindingLabel } from '../element-path.ts';
import { parseXml } from '../gate.ts';
import { bindingElements, readBinding } from '../read.ts';
import type { XmlDocument, XmlElement } from '../scan.ts';
import type { SiteBackup } from '../types.ts';

const serverNameIndication = 1;
const centralStore = 2;

/**
 * What a site's new https bindings and FTP settings need of certificates. The file holds none: http.sys keeps them by
 * endpoint, and FTP names one by its hash.
 * https://learn.microsoft.com/iis/configuration/system.applicationhost/sites/site/bindings/binding
 */
export function findNeededCertificates(
  { name: site, certificates }: Pick<SiteBackup, 'name' | 'certificates'>,
  xml: string,
  existing: { readonly document: XmlDocument; readonly element: XmlElement } | undefined,
): Finding[] {
  const document = parseXml(xml, `The backup of ${site}`, 'BackupInvalid');
  const there = new Set(
    existing === undefined ? [] : secureBindings(existing.document, existing.element).map(keyOf),
  );
  const bindings = secureBindings(document, document.root)
    .filter((binding) => !there.has(keyOf(binding)))
    .map((binding) => needed(site, binding, certificates));
  const hash = ftpCertificate(document, document.root);
  const same = existing && ftpCertificate(existing.document, existing.element)?.value === hash?.value;
  if (hash === undefined || same) return bindings;
  return [...bindings, finding('CertificateNeeded.ftp', site, hash.path, { thumbprint: hash.value })];
}

function secureBindings(document: XmlDocument, site: XmlElement): Binding[] {
  return bindingElements(document, site)
    .map((element) => readBinding(document, element))
    .filter(({ protocol }) => protocol.toLowerCase() === 'https');
}

function keyOf({ bindingInformation, sslFlags }: Binding): string {
  return `${bindingInformation.toLowerCase()} ${sslFlags}`;
}

function needed(site: string, of: Binding, certificates: SiteBackup['certificates']): Finding {
  const { bindingInformation: binding, sslFlags, endpoint } = of;
  const place = `site/bindings/${bindingLabel(of)}`;
  const hostName = endpoint?.hostName ?? '';
  // A central store has its certificates by host name, not by thumbprint.
  if (sslFlags & centralStore)
    return finding('CertificateNeeded.central', site, place, { binding, hostName });
  const known = describeCertificate(binding, certificates);
  if (sslFlags & serverNameIndication)
    return finding('CertificateNeeded.ofHost', site, place, { binding, hostName, known });
  const shared = `${endpoint?.address ?? '*'}:${endpoint?.port ?? 443}`;
  return finding('CertificateNeeded.ofAddress', site, place, { binding, endpoint: shared, known });
}

function ftpCertificate(
  document: XmlDocument,
  site: XmlElement,
): { value: string; path: string } | undefined {
  for (const element of document.walk(document.child(site, 'ftpServer') ?? site)) {
    const value = element.name === 'ssl' ? document.attribute(element, 'serverCertHash') : undefined;
    if (value) return { value, path: attributePath(document, site, element, 'serverCertHash', 'site') };
  }
  return undefined;
}
