/** Access masks by the tokens of SDDL (MS-DTYP 2.5.1.1), with what a file or folder calls each bit. */
const masks: Readonly<Record<string, number>> = {
  GA: 0x10000000,
  GX: 0x20000000,
  GW: 0x40000000,
  GR: 0x80000000,
  FA: 0x1f01ff,
  FR: 0x120089,
  FW: 0x120116,
  FX: 0x1200a0,
  KA: 0xf003f,
  KR: 0x20019,
  KW: 0x20006,
  KX: 0x20019,
  WO: 0x80000, // take ownership
  WD: 0x40000, // change permissions
  RC: 0x20000, // read permissions
  SD: 0x10000, // delete
  CR: 0x100, // write attributes
  LO: 0x80, // read attributes
  DT: 0x40, // delete child
  WP: 0x20, // execute, traverse
  RP: 0x10, // write extended attributes
  SW: 0x8, // read extended attributes
  LC: 0x4, // append, create folder
  DC: 0x2, // write, create file
  CC: 0x1, // read, list
  NR: 0x2, // mandatory label: no read up (MS-DTYP 2.4.4.13)
  NW: 0x1,
  NX: 0x4,
};

const names = new Map(['GA', 'GX', 'GW', 'GR', 'FA', 'FR', 'FW', 'FX'].map((name) => [masks[name]!, name]));

/** The mask of a rights field: tokens side by side (`FRFX`), or a number; undefined where it is neither. */
export function parseRights(text: string): number | undefined {
  if (/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) {
    // As strtoul with base 0: a leading zero means octal.
    const value = /^0\d+$/.test(text) ? parseInt(text, 8) : Number(text);
    return value < 2 ** 32 ? value : undefined;
  }
  if (text.length % 2 !== 0) return undefined;
  let mask = 0;
  for (const token of text.toUpperCase().match(/../g) ?? []) {
    const value = masks[token];
    if (value === undefined) return undefined;
    mask |= value;
  }
  return mask >>> 0;
}

/** `FA` where one token says it all, else the number: `0x1301bf`. */
export function formatRights(mask: number): string {
  return names.get(mask) ?? `0x${mask.toString(16)}`;
}
