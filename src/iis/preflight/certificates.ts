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
    .map((binding) =>
      finding(
        'CertificateNeeded',
        site,
        `site/bindings/${bindingLabel(binding)}`,
        need(binding) + knownOf(binding, certificates),
      ),
    );
  const hash = ftpCertificate(document, document.root);
  const same = existing && ftpCertificate(existing.document, existing.element)?.value === hash?.value;
  if (hash === undefined || same) return bindings;
  const message = `FTP uses the certificate ${hash.value}, which this server needs as well`;
  return [...bindings, finding('CertificateNeeded', site, hash.path, message)];
}

function secureBindings(document: XmlDocument, site: XmlElement): Binding[] {
  return bindingElements(document, site)
    .map((element) => readBinding(document, element))
    .filter(({ protocol }) => protocol.toLowerCase() === 'https');
}

function keyOf({ bindingInformation, sslFlags }: Binding): string {
  return `${bindingInformation.toLowerCase()} ${sslFlags}`;
}

function need({ bindingInformation, sslFlags, endpoint }: Binding): string {
  const name = endpoint?.hostName ?? '';
  const binding = `The binding https ${bindingInformation}`;
  if (sslFlags & centralStore)
    return `${binding} takes the certificate for ${name} from the central certificate store, which this server must use as well`;
  if (sslFlags & serverNameIndication) return `${binding} needs a certificate for ${name} on this server`;
  return `${binding} needs a certificate on this server; without SNI all sites on ${endpoint?.address ?? '*'}:${endpoint?.port ?? 443} share one`;
}

/** A central store has its certificates by host name, not by thumbprint. */
function knownOf(
  { bindingInformation, sslFlags }: Binding,
  certificates: SiteBackup['certificates'],
): string {
  return sslFlags & centralStore ? '' : describeCertificate(bindingInformation, certificates);
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
