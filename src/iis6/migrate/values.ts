/** How a value of IIS 6 reads in IIS 7: undefined where it has no meaning there. */
export type Convert = (text: string) => string | undefined;

/** A value outside of the bounds that IIS 7's schema sets would make IIS refuse the whole file. */
const largest = 0x7fff_ffff;

export const text: Convert = (value) => value || undefined;

export const flag: Convert = (value) => {
  if (/^(true|1)$/i.test(value)) return 'true';
  return /^(false|0)$/i.test(value) ? 'false' : undefined;
};

/** A whole number within these bounds. */
export function whole(minimum = 0, maximum = largest): Convert {
  return (value) => {
    const number = /^\d{1,10}$/.test(value) ? Number(value) : -1;
    return number >= minimum && number <= maximum ? String(number) : undefined;
  };
}

/** A time in seconds; so are its bounds. */
export function seconds(minimum = 0, maximum = largest): Convert {
  return (value) => {
    const number = whole(minimum, maximum)(value);
    return number === undefined ? undefined : timeSpan(Number(number));
  };
}

/** A time in minutes; its bounds are minutes as well. */
export function minutes(minimum = 0, maximum = largest / 60): Convert {
  return (value) => {
    const number = whole(minimum, maximum)(value);
    return number === undefined ? undefined : timeSpan(Number(number) * 60);
  };
}

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
