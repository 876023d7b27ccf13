import type { XmlDocument, XmlElement } from './scan.ts';

/** The certificate of an https binding; no secret of it. */
export interface CarriedCertificate {
  readonly bindingInformation: string;
  /** The store of the computer, e.g. My or WebHosting. */
  readonly store: string;
  /** SHA-1, upper-case hexadecimal. */
  readonly thumbprint: string;
  /** Empty where the store does not have it. */
  readonly subject: string;
  readonly names: string;
  /** ISO 8601, UTC; empty where it is not known. */
  readonly notAfter: string;
}

export function readCertificates(
  document: XmlDocument,
  root: XmlElement,
): { certificates?: readonly CarriedCertificate[] } {
  const container = document.child(root, 'certificates');
  if (container === undefined) return {};
  const certificates = document.children(container).map((element) => {
    const text = (name: string): string => document.attribute(element, name) ?? '';
    return {
      bindingInformation: text('bindingInformation'),
      store: text('store'),
      thumbprint: text('thumbprint'),
      subject: text('subject'),
      names: text('names'),
      notAfter: text('notAfter'),
    };
  });
  return { certificates };
}

/** How a finding names the certificate that a binding has on the primary. */
export function describeCertificate(
  bindingInformation: string,
  certificates: readonly CarriedCertificate[] | undefined,
): string {
  if (certificates === undefined) return '';
  const found = certificates.find(
    (one) => one.bindingInformation.toLowerCase() === bindingInformation.toLowerCase(),
  );
  if (found === undefined) return '; on the primary it has none';
  const { thumbprint, store, subject, notAfter } = found;
  const facts = [subject, notAfter && `valid until ${notAfter.slice(0, 10)}`].filter((fact) => fact !== '');
  return `; on the primary it is ${[thumbprint, ...facts].join(', ')}, in the store ${store}`;
}
