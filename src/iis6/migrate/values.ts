/** How a value of IIS 6 reads in IIS 7: undefined where it has no meaning there. */
export type Convert = (text: string) => string | undefined;

export const text: Convert = (value) => value;

export const whole: Convert = (value) => (/^\d+$/.test(value) ? value : undefined);

export const flag: Convert = (value) => {
  if (/^(true|1)$/i.test(value)) return 'true';
  return /^(false|0)$/i.test(value) ? 'false' : undefined;
};

export const seconds: Convert = (value) => (/^\d+$/.test(value) ? timeSpan(Number(value)) : undefined);

export const minutes: Convert = (value) => (/^\d+$/.test(value) ? timeSpan(Number(value) * 60) : undefined);

/** A time span as IIS writes it: `[d.]hh:mm:ss`. */
export function timeSpan(total: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(total / 86_400);
  const time = [Math.floor(total / 3600) % 24, Math.floor(total / 60) % 60, total % 60].map(two).join(':');
  return days > 0 ? `${days}.${time}` : time;
}

/** One of these words by its number. */
export function choice(words: Readonly<Record<string, string>>): Convert {
  return (value) => words[value];
}

/** Bits of a flags property by name; IIS 6 writes a number where it has no name for one. */
export type FlagBits = Readonly<Record<string, number>>;

export const authFlags: FlagBits = {
  AuthAnonymous: 1,
  AuthBasic: 2,
  AuthNTLM: 4,
  AuthMD5: 16,
  AuthPassport: 64,
};
export const accessFlags: FlagBits = {
  AccessRead: 1,
  AccessWrite: 2,
  AccessExecute: 4,
  AccessSource: 16,
  AccessScript: 512,
  AccessNoRemoteWrite: 1024,
  AccessNoRemoteRead: 4096,
  AccessNoRemoteExecute: 8192,
  AccessNoRemoteScript: 16_384,
};
export const sslFlags: FlagBits = {
  AccessSSL: 8,
  AccessNegotiateCert: 32,
  AccessRequireCert: 64,
  AccessMapCert: 128,
  AccessSSL128: 256,
};
export const browseFlags: FlagBits = {
  DirBrowseShowDate: 2,
  DirBrowseShowTime: 4,
  DirBrowseShowSize: 8,
  DirBrowseShowExtension: 16,
  DirBrowseShowLongDate: 32,
  EnableDefaultDoc: 0x4000_0000,
  EnableDirBrowsing: 0x8000_0000,
};

/** The names of the flags that a value sets: `AuthAnonymous | AuthNTLM`, or `5`. */
export function flagsOf(value: string, bits: FlagBits): Set<string> {
  const set = new Set<string>();
  for (const part of value.split('|').map((one) => one.trim())) {
    if (!/^\d+$/.test(part)) {
      if (part !== '') set.add(part);
      continue;
    }
    for (const [name, bit] of Object.entries(bits))
      if (Math.floor(Number(part) / bit) % 2 === 1) set.add(name);
  }
  return set;
}

/** Flags of IIS 7 for those of IIS 6: the same names without their prefix, or as `words` say. */
export function flagWords(set: ReadonlySet<string>, words: Readonly<Record<string, string>>): string[] {
  return Object.entries(words).flatMap(([name, word]) => (set.has(name) ? [word] : []));
}
