import type { DeclaredSections } from '../../iis/preflight/sections.ts';
import type { MetabaseNode } from '../metabase.ts';
import { ConfigElement } from './element.ts';
import type { MigrationSource } from './source.ts';
import { authFlags, choice, flagsOf } from './values.ts';

const section = 'system.webServer/security/authentication';
const methods = [
  ['AuthAnonymous', 'anonymousAuthentication'],
  ['AuthBasic', 'basicAuthentication'],
  ['AuthNTLM', 'windowsAuthentication'],
  ['AuthMD5', 'digestAuthentication'],
] as const;
const logonMethods = choice({ '0': 'Interactive', '1': 'Batch', '2': 'Network', '3': 'ClearText' });

/** Accounts that Windows made for anonymous visitors of one computer; IIS 7 has IUSR on every one. */
const anonymousOfComputer = /^([^\\]*\\)?IUSR_/i;

/** Reads a property at the place that is translated. */
export type Read = (name: string) => string | undefined;

/**
 * Who may visit: AuthFlags and what goes with them. A method that is off is written as such only where the target
 * declares it, for an undeclared section stops IIS, and a method that is not installed is off.
 */
export function addAuthentication(
  source: MigrationSource,
  node: MetabaseNode,
  read: Read,
  location: ConfigElement,
  declared: DeclaredSections | undefined,
): void {
  const written = read('AuthFlags');
  if (written !== undefined) {
    const on = flagsOf(written, authFlags);
    for (const [name, element] of methods)
      if (on.has(name) || (declared?.sections.has(`${section}/${element}`) ?? true))
        location.at(`${section}/${element}`).set('enabled', String(on.has(name)));
    if (on.has('AuthPassport')) source.report('SettingNotMigrated.passport', `${node.location}/@AuthFlags`);
  }
  addAnonymousUser(source, node, read, location);
  addBasic(read, location);
  const providers = read('NTAuthenticationProviders')
    ?.split(',')
    .map((name) => name.trim());
  if (providers?.some((name) => name !== '')) {
    const list = location.at(`${section}/windowsAuthentication/providers`);
    list.add(new ConfigElement('clear'));
    for (const value of providers) if (value !== '') list.add(new ConfigElement('add', { value }));
  }
}

function addAnonymousUser(
  source: MigrationSource,
  node: MetabaseNode,
  read: Read,
  location: ConfigElement,
): void {
  const user = read('AnonymousUserName');
  const place = `${node.location}/@AnonymousUserName`;
  if (user === undefined) return;
  if (anonymousOfComputer.test(user)) source.report('AccountReplaced', place, { account: user });
  else {
    const element = location.at(`${section}/anonymousAuthentication`);
    element.set('userName', user).set('password', read('AnonymousUserPass'));
  }
}

function addBasic(read: Read, location: ConfigElement): void {
  const basic = (attribute: string, value: string | undefined): void => {
    if (value) location.at(`${section}/basicAuthentication`).set(attribute, value);
  };
  basic('realm', read('Realm'));
  basic('defaultLogonDomain', read('DefaultLogonDomain'));
  basic('logonMethod', logonMethods(read('LogonMethod') ?? ''));
}
