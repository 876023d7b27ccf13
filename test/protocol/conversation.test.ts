import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { systemClock } from '../../src/edge/clock.ts';
import { Dispatcher } from '../../src/protocol/dispatcher.ts';
import { conversationCommands } from './conversation-commands.ts';

/** Lines of the recording: who wrote (`>` PowerShell, `<` Node) and the line, with the record separator made visible. */
const recording = readFileSync(new URL('../fixtures/protocol/conversation.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^[<>]/.test(line))
  .map((line) => ({ writer: line[0], line: line.slice(2).replace('\u241e', '\u001e') }));

/** The wording of a remedy may change. */
const withoutRemedy = (line: string): string => line.replace(/(?<=<S N="Remedy">)[^<]*/, '');

describe('A recorded conversation with PowerShell', () => {
  it('is answered byte for byte as it was', async () => {
    const written: string[] = [];
    const dispatcher = new Dispatcher({
      commands: conversationCommands,
      version: '0.0.0',
      clock: systemClock,
      wire: { write: (line) => void written.push(line), drained: () => Promise.resolve() },
      complain: assert.fail,
    });
    const [hello, ...rest] = recording;
    assert.match(hello?.line ?? '', /^\u001ehello 0 /);
    for (const { writer, line } of rest) {
      if (writer === '>') dispatcher.receive(line);
      else {
        for (let n = 0; n < 1000 && written.length === 0; n++) await turn();
        assert.equal(withoutRemedy(written.shift() ?? ''), `${withoutRemedy(line)}\n`);
      }
    }
    assert.deepEqual(written, []);
    assert.equal(rest.filter(({ writer }) => writer === '>').length, 7);
  });
});
