import type { Configuration } from '../configuration.ts';
import type { XmlDocument, XmlElement } from '../scan.ts';

/** What a file's `<configSections>` declares: paths such as `system.webServer/rewrite/rules`. */
export interface DeclaredSections {
  readonly sections: ReadonlySet<string>;
  /** Paths that lead to a section, `system.webServer` and `system.webServer/rewrite`. */
  readonly groups: ReadonlySet<string>;
}

/**
 * Sections and groups that every server has from the machine.config of .NET, above applicationHost.config in the
 * hierarchy (MACHINE/WEBROOT/APPHOST).
 */
const machineSections = new Set(
  (
    'appSettings assemblyBinding configProtectedData connectionStrings mscorlib runtime satelliteassemblies startup ' +
    'system.codedom system.data system.data.dataset system.data.odbc system.data.oledb system.data.oracleclient ' +
    'system.data.sqlclient system.diagnostics system.net ' +
    'system.runtime.caching system.runtime.remoting system.runtime.serialization system.serviceModel ' +
    'system.serviceModel.activation system.transactions system.web system.web.extensions system.windows.forms ' +
    'system.xaml.hosting system.xml.serialization uri windows'
  ).split(' '),
);

/** Undefined for a file without `<configSections>`: IIS reads none of it, so no site can make that worse. */
export function declaredSections({ document }: Configuration): DeclaredSections | undefined {
  if (document.child(document.root, 'configSections') === undefined) return undefined;
  const sections = new Set<string>();
  const groups = new Set<string>();
  const pending = document
    .childrenNamed(document.root, 'configSections')
    .map((element) => ({ element, path: '' }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop())
    for (const child of document.children(next.element)) {
      const name = document.attribute(child, 'name');
      if (name === undefined) continue;
      const path = next.path === '' ? name : `${next.path}/${name}`;
      if (child.name === 'section') sections.add(path);
      else if (child.name === 'sectionGroup') {
        groups.add(path);
        pending.push({ element: child, path });
      }
    }
  return { sections, groups };
}

/**
 * The outermost elements of a `<location>` block that no declaration covers, by their paths. IIS reads a file with
 * such an element for no site at all (500.19), so one of them takes the whole server down.
 */
export function undeclaredSections(
  document: XmlDocument,
  block: XmlElement,
  declared: DeclaredSections,
): string[] {
  const undeclared: string[] = [];
  const pending = document.children(block).map((element) => ({ element, path: element.name }));
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const { element, path } = next;
    if (declared.sections.has(path) || (!path.includes('/') && machineSections.has(path))) continue;
    if (!declared.groups.has(path)) undeclared.push(path);
    else
      pending.unshift(
        ...document.children(element).map((child) => ({ element: child, path: `${path}/${child.name}` })),
      );
  }
  return [...new Set(undeclared)];
}
