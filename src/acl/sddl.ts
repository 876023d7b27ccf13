import { failure, type FailoverError } from '../model/failover-error.ts';
import { type AccountAce, type AceKind, aceFlags, type Acl, type SecurityDescriptor } from './descriptor.ts';
import { formatRights, parseRights } from './rights.ts';
import { domainAliases, isSid, normalizeSid, sidAliases } from './sid.ts';

const kinds = new Map<string, AceKind>([
  ['A', 'allow'],
  ['D', 'deny'],
  ['AU', 'audit'],
  ['ML', 'label'],
]);
const kindTokens = new Map([...kinds].map(([token, kind]) => [kind, token]));
const flagTokens: readonly (readonly [string, number])[] = [
  ['OI', aceFlags.objectInherit],
  ['CI', aceFlags.containerInherit],
  ['NP', aceFlags.noPropagate],
  ['IO', aceFlags.inheritOnly],
  ['ID', aceFlags.inherited],
  ['SA', aceFlags.auditSuccess],
  ['FA', aceFlags.auditFailure],
];
const flagOf = new Map(flagTokens);
const aliasOf = new Map(Object.entries(sidAliases).map(([alias, sid]) => [sid, alias]));

const aclPattern = String.raw`[A-Z]*?(?:NO_ACCESS_CONTROL|\s*(?:\([^()]*\)\s*)*)`;
const pattern = new RegExp(
  String.raw`^\s*(?:O:\s*([A-Z]{2}|S-[0-9A-FX-]+)\s*)?(?:G:\s*([A-Z]{2}|S-[0-9A-FX-]+)\s*)?` +
    String.raw`(?:D:\s*(${aclPattern})\s*)?(?:S:\s*(${aclPattern})\s*)?$`,
);

/**
 * Reads a descriptor in SDDL (MS-DTYP 2.5.1), e.g. `O:BAG:SYD:PAI(A;OICI;FA;;;BA)(D;;FW;;;WD)`.
 * @throws FailoverError AclInvalid, AclUnsupported (object and conditional entries; aliases of a domain's accounts)
 */
export function parseSddl(text: string): SecurityDescriptor {
  const match = pattern.exec(text.toUpperCase());
  if (match === null) throw conditionalOr(text);
  const [, owner, group, dacl, sacl] = match;
  return {
    ...(owner === undefined ? {} : { owner: parseSid(owner, text) }),
    ...(group === undefined ? {} : { group: parseSid(group, text) }),
    ...(dacl === undefined ? {} : { dacl: parseAcl(dacl, text) }),
    ...(sacl === undefined ? {} : { sacl: parseAcl(sacl, text) }),
  };
}

function parseAcl(text: string, whole: string): Acl {
  const isNull = text.endsWith('NO_ACCESS_CONTROL');
  const flags = isNull ? text.slice(0, -'NO_ACCESS_CONTROL'.length) : (/^[A-Z]*/.exec(text)?.[0] ?? '');
  // AR asks for inheritance when the descriptor is written; it is no state.
  const [, isProtected, isAutoInherited] = /^(?:AR)?(P)?(?:AR)?(AI)?(?:AR)?$/.exec(flags) ?? [
    flags.length > 0,
  ];
  if (isProtected === undefined && isAutoInherited === undefined && !/^(AR)?$/.test(flags))
    throw invalid(whole, `${flags} are no flags of an ACL`);
  return {
    isProtected: isProtected !== undefined,
    isAutoInherited: isAutoInherited !== undefined,
    aces: isNull ? null : [...text.matchAll(/\(([^()]*)\)/g)].map((ace) => parseAce(ace[1]!, whole)),
  };
}

function parseAce(text: string, whole: string): AccountAce {
  const fields = text.split(';').map((field) => field.trim());
  const [type, flagText, rights, object, inheritedObject, sid] = fields;
  const kind = kinds.get(type ?? '');
  if (kind === undefined || fields.length > 6 || object !== '' || inheritedObject !== '') {
    if (fields.length >= 6) throw unsupported(`the entry (${text})`, whole);
    throw invalid(whole, `(${text}) is no entry`);
  }
  let flags = 0;
  for (const token of flagText!.match(/..?/g) ?? []) {
    const flag = flagOf.get(token);
    if (flag === undefined) throw invalid(whole, `${token} in (${text}) is no flag`);
    flags |= flag;
  }
  const mask = parseRights(rights!);
  if (mask === undefined) throw invalid(whole, `${rights} in (${text}) are no rights`);
  return { kind, flags, mask, sid: parseSid(sid!, whole) };
}

function parseSid(text: string, whole: string): string {
  const sid = sidAliases[text];
  if (sid !== undefined) return sid;
  if (domainAliases.has(text))
    throw unsupported(`${text}, an account of a domain that the text does not name,`, whole);
  if (!isSid(text)) throw invalid(whole, `${text} is no SID`);
  return normalizeSid(text);
}

/**
 * A descriptor in SDDL, with aliases where there are any.
 * @throws FailoverError AclUnsupported for entries of other types, which SDDL texts of this module do not hold
 */
export function formatSddl(descriptor: SecurityDescriptor): string {
  const { owner, group, dacl, sacl } = descriptor;
  return (
    (owner === undefined ? '' : `O:${formatSid(owner)}`) +
    (group === undefined ? '' : `G:${formatSid(group)}`) +
    (dacl === undefined ? '' : `D:${formatAcl(dacl)}`) +
    (sacl === undefined ? '' : `S:${formatAcl(sacl)}`)
  );
}

function formatAcl({ isProtected, isAutoInherited, aces }: Acl): string {
  const flags = `${isProtected ? 'P' : ''}${isAutoInherited ? 'AI' : ''}`;
  if (aces === null) return `${flags}NO_ACCESS_CONTROL`;
  const entries = aces.map((ace) => {
    if (ace.kind === 'opaque') throw unsupported(`an entry of type ${ace.type}`, 'the descriptor');
    const names = flagTokens.filter(([, flag]) => (ace.flags & flag) !== 0).map(([token]) => token);
    return `(${kindTokens.get(ace.kind)};${names.join('')};${formatRights(ace.mask)};;;${formatSid(ace.sid)})`;
  });
  return flags + entries.join('');
}

export function formatSid(sid: string): string {
  return aliasOf.get(sid) ?? sid;
}

/** Conditions hold parentheses, which the pattern does not take. */
function conditionalOr(text: string): FailoverError {
  return /\((XA|XD|XU|ZA|RA|SP|OA|OD|OU)/i.test(text)
    ? unsupported('an object or conditional entry', text)
    : invalid(text, 'it is not of the form O:...G:...D:...(...)S:...(...)');
}

function invalid(text: string, why: string): FailoverError {
  return failure('AclInvalid.sddl', { text, why }, { target: text });
}

function unsupported(what: string, text: string): FailoverError {
  return failure('AclUnsupported', { what }, { target: text });
}
