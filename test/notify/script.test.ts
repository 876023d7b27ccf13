import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventIds, eventLog } from '../../src/notify/event-log.ts';
import { notification } from '../../src/notify/notification.ts';
import { script } from '../../src/notify/script.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import { eachEngine } from '../support/engines.ts';
import { temporaryFolder } from '../support/tree.ts';

const { signal } = new AbortController();
const down = notification('PrimaryDown', new Date(0), `It's "down": schön $(exit 9) 😀.`);

eachEngine('a script that is told', ({ executable }) => {
  const folder = temporaryFolder();
  const block = (text: string) => script({ name: 'script', executable, code: { block: text } });

  it('gets the notification as JSON in its first parameter, whatever its characters', async () => {
    const target = join(folder.path, "it's.json");
    const quoted = target.replaceAll("'", "''");
    await block(`param($Json) [IO.File]::WriteAllText('${quoted}', $Json)`).send(down, signal);
    assert.deepEqual(JSON.parse(await readFile(target, 'utf8')), down);
  });

  it('may be a file', async () => {
    const file = join(folder.path, "tell 'em.ps1");
    await writeFile(file, '[IO.File]::WriteAllText("$PSScriptRoot/told.json", $args[0])');
    await script({ name: 'script', executable, code: { file } }).send(down, signal);
    assert.deepEqual(JSON.parse(await readFile(join(folder.path, 'told.json'), 'utf8')), down);
  });

  it('has failed where it throws, with its words', async () => {
    await assert.rejects(block("throw 'the pager is off'").send(down, signal), {
      id: 'NotifyFailed',
      message: 'script failed: the pager is off',
    });
  });

  it('is ended when its time is over', async () => {
    const stop = new AbortController();
    const sending = block('[Threading.Thread]::Sleep(60000)').send(down, stop.signal);
    stop.abort(new Error('over'));
    await assert.rejects(sending, { message: 'over' });
  });
});

describe('the Windows event log, by a stand-in for its cmdlets', () => {
  it('gets an event with the ID of its kind; a source that is missing is registered', async () => {
    const calls: [string, unknown][] = [];
    let registered = false;
    const channel = eventLog({
      invoke: async (command, parameters) => {
        calls.push([command, parameters]);
        if (command === 'New-EventLog') registered = true;
        else if (!registered) throw new FailoverError('CmdletFailed', 'the source IisFailover was not found');
        return [];
      },
    });
    await channel.send({ ...down, recordChange: ['site1.com A 10.1.1.1 -> 10.1.1.2'] }, signal);
    assert.deepEqual(
      calls.map(([command]) => command),
      ['Write-EventLog', 'New-EventLog', 'Write-EventLog'],
    );
    assert.deepEqual(calls[2]![1], {
      LogName: 'Application',
      Source: 'IisFailover',
      EventId: 1010,
      EntryType: 'Error',
      Message: `${down.subject}\r\n${down.message}\r\nsite1.com A 10.1.1.1 -> 10.1.1.2`,
    });
    const ids = Object.values(eventIds);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('is a fault where it cannot be written all the same', async () => {
    const channel = eventLog({
      invoke: async () => {
        throw new FailoverError('CmdletFailed', 'access denied');
      },
    });
    await assert.rejects(channel.send(down, signal), { id: 'CmdletFailed' });
  });
});
