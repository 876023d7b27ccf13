import { posix } from 'node:path';
import { xmlText } from '../generate/quote.ts';
import type { ArchiveFile } from './archive.ts';

export interface PackageFacts {
  readonly id: string;
  readonly version: string;
  readonly authors: string;
  readonly description: string;
  readonly tags: readonly string[];
}

/**
 * The parts of a NuGet package around the module's files, as the PowerShell Gallery takes them.
 * https://learn.microsoft.com/nuget/reference/nuspec and ECMA-376 part 2 (Open Packaging Conventions)
 */
export function packageParts(facts: PackageFacts, paths: readonly string[]): ArchiveFile[] {
  return [
    [`${facts.id}.nuspec`, Buffer.from(nuspec(facts))],
    ['[Content_Types].xml', Buffer.from(contentTypes(paths))],
    ['_rels/.rels', Buffer.from(relationships(facts.id))],
  ];
}

function nuspec({ id, version, authors, description, tags }: PackageFacts): string {
  const element = (name: string, text: string): string => `    <${name}>${xmlText(text)}</${name}>`;
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">',
    '  <metadata>',
    element('id', id),
    element('version', version),
    element('authors', authors),
    element('requireLicenseAcceptance', 'false'),
    '    <license type="file">LICENSE</license>',
    element('description', description),
    element('tags', ['PSModule', ...tags].join(' ')),
    '  </metadata>',
    '</package>',
    '',
  ].join('\n');
}

/** Each part has a type by its extension, or by its name where it has none. */
function contentTypes(paths: readonly string[]): string {
  const extensions = new Set(['rels', 'nuspec']);
  const names: string[] = [];
  for (const path of paths) {
    const extension = posix.extname(path).slice(1);
    if (extension === '') names.push(path);
    else extensions.add(extension);
  }
  const typeOf = (extension: string): string =>
    extension === 'rels'
      ? 'application/vnd.openxmlformats-package.relationships+xml'
      : 'application/octet-stream';
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">',
    ...[...extensions].map((one) => `  <Default Extension="${xmlText(one)}" ContentType="${typeOf(one)}" />`),
    ...names.map(
      (one) => `  <Override PartName="/${xmlText(one)}" ContentType="application/octet-stream" />`,
    ),
    '</Types>',
    '',
  ].join('\n');
}

function relationships(id: string): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">',
    `  <Relationship Id="manifest" Type="http://schemas.microsoft.com/packaging/2010/07/manifest" Target="/${id}.nuspec" />`,
    '</Relationships>',
    '',
  ].join('\n');
}
