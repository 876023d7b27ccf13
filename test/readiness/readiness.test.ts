import assert from 'node:assert/strict';
import { createRfc2136Provider, parseTsigKey, recordSet } from '../../src/dns/index.ts';
import { systemClock } from '../../src/edge/clock.ts';
import { query } from '../../src/dns/client.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import {
  checkAges,
  checkHeartbeat,
  checkPermission,
  checkRecords,
  type CheckResult,
  checkTasks,
  defaultLimits,
  describeAge,
} from '../../src/readiness/index.ts';
import { freePort } from '../support/free-port.ts';
import { type LabBind, missingBind, paperZone, startLabBind, tsigSecret } from '../support/lab-bind.ts';
import { skipWhereMissing } from '../support/requirements.ts';

const now = new Date('2026-01-02T12:00:00Z');
const ago = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
const outcomes = (results: readonly CheckResult[]): string[] =>
  results.map(({ check, outcome }) => `${check} ${outcome}`);

describe('readiness by age', () => {
  it('passes what is younger than the limits, and fails what is older', () => {
    const times = (hours: number) => ({
      site: 'site1.com',
      backup: ago(hours),
      state: { lastRestore: ago(hours).toISOString(), lastCopy: ago(hours).toISOString() },
    });
    assert.deepEqual(outcomes(checkAges(times(4), defaultLimits, now)), [
      'BackupAge Passed',
      'RestoreAge Passed',
      'ContentAge Passed',
    ]);
    assert.deepEqual(outcomes(checkAges(times(14), defaultLimits, now)), [
      'BackupAge Failed',
      'RestoreAge Failed',
      'ContentAge Failed',
    ]);
  });

  it('fails a site without a backup, and warns of what never ran on this server', () => {
    const never = { site: 'site1.com', backup: undefined, state: {} };
    assert.deepEqual(outcomes(checkAges(never, defaultLimits, now)), [
      'BackupAge Failed',
      'RestoreAge Warning',
      'ContentAge Warning',
    ]);
    assert.equal(checkAges({ ...never, backup: null }, defaultLimits, now)[0]?.outcome, 'Skipped');
  });

  it('tells ages in the unit that fits', () => {
    const hours = 3_600_000;
    assert.deepEqual([0, 1.5 * hours, 13 * hours, 80 * hours].map(describeAge), [
      '0 min',
      '90 min',
      '13 h',
      '3 days',
    ]);
  });

  it('fails a monitor that gives no sign of life', () => {
    const beat = {
      format: 1,
      mode: 'continuous',
      host: 'MONITOR',
      processId: 1,
      started: ago(24).toISOString(),
      time: ago(1).toISOString(),
      sites: 2,
    } as const;
    assert.equal(checkHeartbeat(beat, defaultLimits, now).outcome, 'Failed');
    assert.equal(checkHeartbeat({ ...beat, time: now.toISOString() }, defaultLimits, now).outcome, 'Passed');
    assert.equal(checkHeartbeat(undefined, defaultLimits, now).outcome, 'Skipped');
  });
});

describe('readiness of tasks', () => {
  const task = {
    job: 'Backup',
    enabled: true,
    userName: 'S-1-5-18',
    lastRun: ago(1),
    lastResult: 0,
    nextRun: undefined,
    definition: '',
  } as const;

  it('goes by their last result', () => {
    const check = (changes: object): string | undefined => checkTasks([{ ...task, ...changes }])[0]?.outcome;
    assert.equal(check({}), 'Passed');
    assert.equal(check({ lastResult: 1 }), 'Failed');
    assert.equal(check({ enabled: false }), 'Failed');
    assert.equal(check({ lastRun: undefined, lastResult: undefined }), 'Warning');
  });

  it('warns where there is none, and skips where there is no scheduler', () => {
    assert.equal(checkTasks([])[0]?.outcome, 'Warning');
    assert.equal(checkTasks(new FailoverError('SchedulerMissing', 'none here'))[0]?.outcome, 'Skipped');
  });
});

describe('readiness of records', () => {
  const records = (ttl: number, target: 'primary' | 'unknown' = 'primary') => ({
    zones: [
      {
        zone: 'site1.com',
        hostNames: ['Site1.com'],
        current: [recordSet('site1.com', 'A', ttl, ['10.1.1.1'])],
        server: target === 'primary' ? 'WEB01' : undefined,
      },
    ],
    target,
    server: target === 'primary' ? 'WEB01' : undefined,
    split: [],
    unreadable: [],
  });

  it('warns of a long TTL, and fails records that point nowhere known', () => {
    assert.deepEqual(outcomes(checkRecords('site1.com', records(300), defaultLimits)), ['DnsRecord Passed']);
    assert.deepEqual(outcomes(checkRecords('site1.com', records(3600), defaultLimits)), [
      'DnsRecord Warning',
    ]);
    assert.deepEqual(outcomes(checkRecords('site1.com', records(300, 'unknown'), defaultLimits)), [
      'DnsRecord Failed',
    ]);
  });
});

describe('readiness of updates', () => {
  const address = '127.0.0.1';
  let bind: LabBind;
  before(async function () {
    skipWhereMissing(this, await missingBind());
    bind = await startLabBind(address, {
      port: await freePort(),
      zones: { 'site1.com': paperZone('site1.com', address, '10.1.1.1') },
    });
  });
  after(() => bind?.stop());

  const provider = (secret: string) => {
    const server = { address, port: bind.port };
    const key = parseTsigKey(secret, { name: 'failover', algorithm: 'hmac-sha256' });
    return createRfc2136Provider({ primary: server, nameServers: [server], clock: systemClock, key });
  };
  const check = async (secret: string): Promise<CheckResult[]> => {
    const current = await provider(secret).read('site1.com', ['site1.com']);
    const records = {
      zones: [{ zone: 'site1.com', hostNames: ['site1.com'], current, server: 'WEB01' }],
      target: 'primary',
      server: 'WEB01',
      split: [],
      unreadable: [],
    } as const;
    return checkPermission('site1.com', records, provider(secret), new AbortController().signal);
  };
  const soa = async (): Promise<string | undefined> => {
    const server = { address, port: bind.port };
    const { answer } = await query(
      server,
      { name: 'site1.com', type: 'SOA' },
      { transport: 'udp', attempts: 3, timeoutMs: 3000 },
    );
    return answer[0]?.data;
  };

  it('is shown by one that changes nothing, not even the serial', async () => {
    const before = [await soa(), await bind.table('site1.com')];
    assert.deepEqual(outcomes(await check(tsigSecret)), ['DnsPermission Passed']);
    assert.deepEqual([await soa(), await bind.table('site1.com')], before);
  });

  it('fails with the reason where the key is another', async () => {
    const [one] = await check(Buffer.alloc(32).toString('base64'));
    assert.equal(one?.outcome, 'Failed');
    assert.notEqual(one?.remedy, '');
  });
});
