import { SaxesParser } from 'saxes';

/**
 * Checks an applicationHost.config by the rules of IIS, without any code of the product: what it reports, IIS would
 * refuse (500.19, 503), or start only one of two sites for.
 */

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
}

/** Declared by the machine.config of .NET, as FX_schema.xml and ASPNET_schema.xml name them. */
const declaredByDotNet =
  /^(appSettings|connectionStrings|configProtectedData|system\.(codedom|data|diagnostics|net|transactions|web|serviceModel|windows\.forms|xml\.serialization))(\/|$)/;

/** Parts of every configuration file that are no sections. */
const structure = ['configSections', 'configProtectedData', 'location', 'configPaths'];

/** The rules that the file breaks, each in words that name the place; empty for a file that IIS takes. */
export function brokenRules(bytes: Buffer): string[] {
  const root = read(bytes);
  const broken: string[] = [];
  const host = all([root], 'system.applicationHost');
  const sections = all(host, 'sites');
  const sites = all(sections, 'site');
  const pools = all(all(host, 'applicationPools'), 'add').map((pool) => lower(pool.attributes.name));

  twice(sites.map(({ attributes }) => lower(attributes.name))).forEach((name) =>
    broken.push(`two sites named ${name}`),
  );
  twice(sites.map(({ attributes }) => attributes.id ?? '')).forEach((id) =>
    broken.push(`two sites with the id ${id}`),
  );
  twice(pools).forEach((name) => broken.push(`two pools named ${name}`));

  const endpoints = new Map<string, string>();
  for (const site of sites) {
    const { name = '', id = '', serverAutoStart = 'true' } = site.attributes;
    if (!/^[1-9]\d{0,9}$/.test(id) || Number(id) > 4294967295) broken.push(`${name} has the id ${id}`);
    if (name === '' || /[\\/?;:@&=+$,|"<>]/.test(name)) broken.push(`a site is named ${name}`);
    const bindings = all(all([site], 'bindings'), 'binding').map(({ attributes }) => attributes);
    twice(bindings.map((one) => lower(`${one.protocol} ${one.bindingInformation}`))).forEach((one) =>
      broken.push(`${name} has the binding ${one} twice`),
    );
    for (const { protocol = '', bindingInformation = '' } of bindings) {
      if (!/^(https?|ftp)$/i.test(protocol)) continue;
      const parts = /^(\*|[\d.]*|\[[\da-f:.%]+\]):(\d+):([^:]*)$/i.exec(bindingInformation);
      if (parts === null || Number(parts[2]) < 1 || Number(parts[2]) > 65535)
        broken.push(`${name} has the binding ${protocol} ${bindingInformation}`);
      if (parts === null || serverAutoStart === 'false') continue;
      const endpoint = lower(`${parts[1] === '' ? '*' : parts[1]}:${parts[2]}:${parts[3]}`);
      const owner = endpoints.get(endpoint) ?? name;
      if (owner !== name) broken.push(`${owner} and ${name} both have ${endpoint}`);
      endpoints.set(endpoint, owner);
    }
    const applications = all([site], 'application');
    const paths = applications.map(({ attributes }) => lower(attributes.path));
    if (!paths.includes('/')) broken.push(`${name} has no root application`);
    twice(paths).forEach((path) => broken.push(`${name} has two applications ${path}`));
    for (const application of applications) {
      const directories = all([application], 'virtualDirectory').map(({ attributes }) =>
        lower(attributes.path),
      );
      const place = `${name}${application.attributes.path ?? ''}`;
      twice(directories).forEach((path) => broken.push(`${place} has two virtual directories ${path}`));
      const pool =
        application.attributes.applicationPool ??
        all([site], 'applicationDefaults')[0]?.attributes.applicationPool ??
        all(sections, 'applicationDefaults')[0]?.attributes.applicationPool ??
        'DefaultAppPool';
      if (!pools.includes(lower(pool))) broken.push(`${place} runs in the pool ${pool}, which is not there`);
    }
  }
  return [...broken, ...undeclared(root), ...lostLocations(root, sites)];
}

function lostLocations(root: Element, sites: readonly Element[]): string[] {
  const names = sites.map(({ attributes }) => lower(attributes.name));
  return all([root], 'location')
    .map(({ attributes }) => attributes.path ?? '')
    .filter((path) => path !== '' && path !== '.' && !names.includes(lower(path.split('/').find(Boolean))))
    .map((path) => `the location ${path} is of no site`);
}

function undeclared(root: Element): string[] {
  const declared = new Set<string>();
  const groups = new Set<string>(['']);
  const declare = (group: Element, path: string): void => {
    for (const child of group.children) {
      const own = path + (child.attributes.name ?? '');
      if (child.name === 'section') declared.add(own);
      if (child.name === 'sectionGroup') {
        groups.add(own);
        declare(child, `${own}/`);
      }
    }
  };
  all([root], 'configSections').forEach((element) => declare(element, ''));
  const found: string[] = [];
  const visit = (element: Element, path: string): void => {
    if (declared.has(path) || declaredByDotNet.test(path)) return;
    if (!groups.has(path)) found.push(`the section ${path} is not declared`);
    else element.children.forEach((child) => visit(child, `${path}/${child.name}`));
  };
  for (const child of [root, ...all([root], 'location')].flatMap(({ children }) => children))
    if (!structure.includes(child.name)) visit(child, child.name);
  return [...new Set(found)];
}

function read(bytes: Buffer): Element {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const top: Element = { name: '', attributes: {}, children: [] };
  const open = [top];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, children: [] };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  return top.children[0]!;
}

function all(parents: readonly Element[], name: string): Element[] {
  return parents.flatMap(({ children }) => children.filter((child) => child.name === name));
}

function twice(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

function lower(text: string | undefined): string {
  return (text ?? '').toLowerCase();
}
