import assert from 'node:assert/strict';
import { FailoverError } from '../../src/model/failover-error.ts';
import { formatMessage, parseRequest } from '../../src/protocol/messages.ts';

describe('Messages', () => {
  it('are one line that begins with a record separator', () => {
    assert.equal(formatMessage('done', 12, ''), '\u001edone 12 \n');
    assert.equal(formatMessage('verbose', 1, '<S>a b</S>'), '\u001everbose 1 <S>a b</S>\n');
  });

  it('are found behind whatever else was printed on the line', () => {
    const message = { kind: 'invoke', id: 7, payload: '<Objs> </Objs>' };
    for (const stray of ['', 'stray text', '\ufeff', '\u001ecancel 1 stray'])
      assert.deepEqual(parseRequest(`${stray}\u001einvoke 7 <Objs> </Objs>`), message);
  });

  it('may end as lines end on Windows', () => {
    assert.deepEqual(parseRequest('\u001ecancel 3 \r'), { kind: 'cancel', id: 3, payload: '' });
  });

  it('are not in a line without a record separator', () => {
    for (const line of ['', 'invoke 1 ', 'a library says hello']) assert.equal(parseRequest(line), undefined);
  });

  for (const line of [
    '\u001e',
    '\u001einvoke',
    '\u001einvoke 1',
    '\u001einvoke x ',
    '\u001eInvoke 1 ',
    '\u001einvoke -1 ',
  ]) {
    it(`are violated by ${JSON.stringify(line)}`, () => {
      assert.throws(
        () => parseRequest(line),
        (error) => error instanceof FailoverError && error.id === 'ProtocolViolation',
      );
    });
  }
});
