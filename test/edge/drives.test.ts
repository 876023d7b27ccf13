import assert from 'node:assert/strict';
import { drivesFor } from '../../src/edge/drives.ts';

describe('the drives that count for a configuration file', () => {
  it('are those of this server only where it is on one of them', () => {
    assert.equal(drivesFor('C:\\Windows\\applicationHost.config', 'win32')?.('Q:'), false);
    assert.equal(drivesFor('\\\\FAILOVER\\c$\\applicationHost.config', 'win32'), undefined);
    assert.equal(drivesFor('/srv/applicationHost.config', 'linux'), undefined);
  });
});
