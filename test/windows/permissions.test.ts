import assert from 'node:assert/strict';
import { encodeDescriptor } from '../../src/acl/descriptor-binary.ts';
import { AccountMapper } from '../../src/acl/index.ts';
import { parseSddl } from '../../src/acl/sddl.ts';
import { encodeSid } from '../../src/acl/sid.ts';
import type { FailoverError } from '../../src/model/failover-error.ts';
import type { DotNet, DotNetMethods } from '../../src/windows/dotnet.ts';
import { WindowsAccountLookup, WindowsAclStore } from '../../src/windows/permissions.ts';

type Caller = Pick<DotNet, 'call'>;

/** A bridge of which each method is given, and its calls. */
function bridgeOf(methods: Partial<DotNetMethods>): Caller & { readonly calls: unknown[][] } {
  const calls: unknown[][] = [];
  const call: Caller['call'] = (method, arguments_) => {
    calls.push([method, arguments_]);
    const answer = methods[method] as (given: unknown) => never;
    return Promise.resolve(answer(arguments_));
  };
  return { call, calls };
}

const descriptor = encodeDescriptor(parseSddl('O:BAD:PAI(A;;FA;;;BA)'));

describe('permissions of Windows', () => {
  it('reads many in one call, each with its own outcome', async () => {
    const bridge = bridgeOf({ readPermissions: () => [descriptor, null, 'Access is denied'] });
    const [there, missing, denied] = await new WindowsAclStore(bridge, false).read(['a', 'b', 'c']);
    assert.deepEqual(there, descriptor);
    assert.equal(missing, undefined);
    assert.equal((denied as FailoverError).id, 'AclUnreadable');
    assert.match((denied as FailoverError).message, /c: Access is denied/);
    assert.deepEqual(bridge.calls, [['readPermissions', { paths: ['a', 'b', 'c'], audit: false }]]);
  });

  it('asks Windows to keep "auto-inherited" when it sets a descriptor', async () => {
    const bridge = bridgeOf({ writePermissions: () => [null] });
    await new WindowsAclStore(bridge, false).write('a', descriptor);
    const [, { items }] = bridge.calls[0] as [string, Parameters<DotNetMethods['writePermissions']>[0]];
    // DACL present, auto-inherit requested, auto-inherited, protected, self-relative.
    assert.equal(items[0]!.descriptor.readUInt16LE(2), 0x0004 | 0x0100 | 0x0400 | 0x1000 | 0x8000);
  });

  it('fails where Windows refuses a descriptor', async () => {
    const bridge = bridgeOf({ writePermissions: () => ['Access is denied'] });
    await assert.rejects(
      new WindowsAclStore(bridge, false).write('a', descriptor),
      (error: FailoverError) => error.id === 'AclNotWritable' && error.message.includes('Access is denied'),
    );
  });

  it('maps accounts by what both servers say of them', async () => {
    const accounts: Record<string, string> = {
      'S-1-5-21-1-1-1-1001': 'siteuser1',
      'S-1-5-21-1-1-1-1002': 'IUSR_PRIMARY',
      'S-1-5-21-1-1-1-1003': 'only-there',
    };
    const here: Record<string, string> = {
      'STANDBY\\siteuser1': 'S-1-5-21-2-2-2-2001',
      'STANDBY\\IUSR_STANDBY': 'S-1-5-21-2-2-2-2002',
    };
    const bridge = bridgeOf({
      accountOf: ({ server, sid }) => {
        assert.equal(server, 'primary');
        const name = Object.keys(accounts).find((one) => encodeSid(one).equals(sid));
        if (name !== undefined) return { name: accounts[name]!, authority: 'PRIMARY', isLocal: true };
        return { name: 'web-team', authority: 'CORP', isLocal: false };
      },
      sidOf: ({ account }) => (here[account] === undefined ? null : encodeSid(here[account])),
    });
    const lookup = new WindowsAccountLookup(() => Promise.resolve(bridge), 'primary', 'STANDBY');
    const mapper = new AccountMapper(new Map(), lookup);
    const map = (sid: string) => mapper.map(sid);
    assert.equal(await map('S-1-5-21-1-1-1-1001'), 'S-1-5-21-2-2-2-2001');
    assert.equal(await map('S-1-5-21-1-1-1-1002'), 'S-1-5-21-2-2-2-2002');
    assert.equal(await map('S-1-5-21-1-1-1-1003'), undefined);
    assert.equal(mapper.describe('S-1-5-21-1-1-1-1003'), 'PRIMARY\\only-there (S-1-5-21-1-1-1-1003)');
    assert.equal(await map('S-1-5-21-9-9-9-1104'), 'S-1-5-21-9-9-9-1104');
    assert.equal(await map('S-1-5-32-544'), 'S-1-5-32-544');
  });
});
