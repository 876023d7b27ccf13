import fc from 'fast-check';
import type { AccountAce, Ace, Acl, OpaqueAce, SecurityDescriptor } from '../../src/acl/descriptor.ts';
import { appPoolSid, sidAliases } from '../../src/acl/sid.ts';

const plain = { noNullPrototype: true } as const;
const u32 = fc.integer({ min: 0, max: 0xffffffff });

export const sid: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...Object.values(sidAliases)),
  fc.tuple(u32, u32, u32, u32).map((parts) => `S-1-5-21-${parts.join('-')}`),
  fc.string({ maxLength: 20 }).map(appPoolSid),
  fc.array(u32, { maxLength: 15 }).map((parts) => ['S-1-5', ...parts].join('-')),
);

const flags = fc
  .subarray([0x01, 0x02, 0x04, 0x08, 0x10, 0x40, 0x80])
  .map((list) => list.reduce((sum, flag) => sum | flag, 0));

export const accountAce: fc.Arbitrary<AccountAce> = fc.record(
  {
    kind: fc.constantFrom('allow', 'deny', 'audit', 'label'),
    flags,
    mask: fc.oneof(fc.constantFrom(0x1f01ff, 0x120089, 0x1301bf, 0x1200a9, 0x10000000), u32),
    sid,
  },
  plain,
);

const opaqueAce: fc.Arbitrary<OpaqueAce> = fc.record(
  {
    kind: fc.constant('opaque'),
    type: fc.constantFrom(0x05, 0x06, 0x09, 0x0a, 0x12, 0x13),
    flags,
    body: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  },
  plain,
);

/** Descriptors of such entries; without a kind also of opaque ones. */
export function descriptor(
  ace: fc.Arbitrary<Ace> = fc.oneof({ weight: 4, arbitrary: accountAce }, opaqueAce),
): fc.Arbitrary<SecurityDescriptor> {
  const acl: fc.Arbitrary<Acl> = fc.record(
    {
      isProtected: fc.boolean(),
      isAutoInherited: fc.boolean(),
      aces: fc.option(fc.array(ace, { maxLength: 8 }), { freq: 10 }),
    },
    plain,
  );
  return fc.record(
    { owner: sid, group: sid, dacl: acl, sacl: acl },
    { requiredKeys: [], noNullPrototype: true },
  );
}
