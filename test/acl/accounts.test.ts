import assert from 'node:assert/strict';
import { type AccountLookup, AccountMapper } from '../../src/acl/index.ts';
import { appPoolSid } from '../../src/acl/sid.ts';
import type { FailoverError } from '../../src/model/failover-error.ts';

const mapperOf = (map: Readonly<Record<string, string>>, lookup?: AccountLookup): AccountMapper =>
  new AccountMapper(new Map(Object.entries(map)), lookup);
const user = 'S-1-5-21-10-20-30-1001';

describe('AccountMapper', () => {
  for (const [what, sid] of [
    ['everyone', 'S-1-1-0'],
    ['administrators', 'S-1-5-32-544'],
    ['an app pool identity', appPoolSid('site1.com')],
    ['a service', 'S-1-5-80-1-2-3-4-5'],
    ['IUSR of IIS 7 and later', 'S-1-5-17'],
  ] as const) {
    it(`keeps ${what}`, async () => assert.equal(await mapperOf({}).map(sid), sid));
  }

  it('does not guess whose an account is that no server was asked for', async () => {
    assert.equal(await mapperOf({}).map(user), undefined);
  });

  it('goes by the map before all else', async () => {
    const app = appPoolSid('other');
    const mapper = mapperOf({ [user]: 'S-1-5-21-4-5-6-7', BU: 'AU', 'S-1-5-32-568': 'IIS APPPOOL\\other' });
    assert.equal(await mapper.map(user), 'S-1-5-21-4-5-6-7');
    assert.equal(await mapper.map('S-1-5-32-545'), 'S-1-5-11');
    assert.equal(await mapper.map('S-1-5-32-568'), app);
  });

  it("maps a domain's accounts to those of the same number, or says that they stay", async () => {
    assert.equal(await mapperOf({ 'S-1-5-21-10-20-30': 'S-1-5-21-1-2-3' }).map(user), 'S-1-5-21-1-2-3-1001');
    assert.equal(await mapperOf({ 'S-1-5-21-10-20-30': 'S-1-5-21-10-20-30' }).map(user), user);
  });

  it('finds names of the map with and without the computer, in whatever case', async () => {
    const lookup: AccountLookup = {
      onPrimary: () => Promise.resolve({ name: 'siteuser1', authority: 'PRIMARY', isLocal: true }),
      onStandby: (name) => Promise.resolve(name === 'STANDBY\\web1' ? 'S-1-5-21-7-7-7-7' : undefined),
      standbyComputer: 'STANDBY',
    };
    for (const name of ['primary\\SITEUSER1', 'SiteUser1'])
      assert.equal(await mapperOf({ [name]: 'STANDBY\\web1' }, lookup).map(user), 'S-1-5-21-7-7-7-7');
    await assert.rejects(
      mapperOf({ siteuser1: 'STANDBY\\nobody' }, lookup).map(user),
      (error: FailoverError) => error.id === 'AccountMapInvalid',
    );
  });

  it('refuses a map from a domain to an account', () => {
    assert.throws(
      () => mapperOf({ 'S-1-5-21-10-20-30': user }),
      (error: FailoverError) => error.id === 'AccountMapInvalid',
    );
  });
});
