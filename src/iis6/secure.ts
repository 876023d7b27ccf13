import { placeholderNumber } from '../iis/secrets.ts';
import type { MetabaseProperty } from './node.ts';

/**
 * Properties that MBSchema.xml marks SECURE, and the property with the account that a password goes with.
 * IIS 6 writes them encrypted under the SessionKey of its own file, which no other server can read.
 */
const secureNames: ReadonlyMap<string, string | undefined> = new Map([
  ['AnonymousUserPass', 'AnonymousUserName'],
  ['WAMUserPass', 'WAMUserName'],
  ['UNCPassword', 'UNCUserName'],
  ['LogOdbcPassword', 'LogOdbcUserName'],
  ['ADConnectionsPassword', 'ADConnectionsUserName'],
  ['AdminACL', undefined],
  ['AdminACLBin', undefined],
  ['SessionKey', undefined],
]);

/** "IcDb" and "IcKb", with which IIS 6 starts an encrypted value and a session key. */
const blob = /^\s*4963(?:44|4b)62/i;

/** True for a value that must not leave its server, whatever it is written as. */
export function isSecure({ name, raw, custom }: MetabaseProperty): boolean {
  return (
    (custom === undefined ? secureNames.has(name) || /password$/i.test(name) : custom.secure) ||
    blob.test(raw) ||
    placeholderNumber(raw) !== undefined
  );
}

/** Access lists name the accounts of one server: each server keeps its own, and none is missed elsewhere. */
export function isAccessList(name: string): boolean {
  return name === 'AdminACL' || name === 'AdminACLBin';
}

/** The property with the user name of a password, undefined where the value goes with none. */
export function accountProperty(name: string): string | undefined {
  return secureNames.get(name);
}
