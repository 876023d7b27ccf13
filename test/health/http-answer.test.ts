import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type AnswerHead, HttpAnswer } from '../../src/health/http-answer.ts';
import { plainAnswer } from '../../src/health/plain-answer.ts';

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');
const wholeAnswer = 'HTTP/1.1 200 OK\r\nServer: IIS\r\nContent-Length: 5\r\n\r\nhello';

/** What reading the pieces one by one gives, and then the end of the connection where more was to come. */
function readAll(pieces: readonly Buffer[], limit = 1024): { head: AnswerHead | undefined; body: string } {
  let head: AnswerHead | undefined;
  const answer = new HttpAnswer('GET', limit, (seen) => {
    head = { status: seen.status, location: seen.location };
    return true;
  });
  for (const piece of pieces) {
    const body = answer.read(piece);
    // What was read must not be lost with the buffer that it came in.
    if (body !== undefined) return { head, body: body.toString('latin1') };
    piece.fill(0);
  }
  return { head, body: answer.end().toString('latin1') };
}

describe('HttpAnswer', () => {
  it('reads an answer that comes in one piece, or in pieces wherever it is cut', () => {
    const expected = { head: { status: 200, location: undefined }, body: 'hello' };
    for (let cut = 0; cut < wholeAnswer.length; cut++)
      assert.deepEqual(
        readAll([bytesOf(wholeAnswer.slice(0, cut)), bytesOf(wholeAnswer.slice(cut))]),
        expected,
        `cut at ${cut}`,
      );
  });

  it('reads a chunked body, and one that ends with the connection', () => {
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n';
    assert.equal(readAll([bytesOf(chunked)]).body, 'hello');
    assert.equal(
      readAll([bytesOf('HTTP/1.1 200 OK\r\nServer: IIS\r\n\r\nhel'), bytesOf('lo')]).body,
      'hello',
    );
  });

  it('passes over an interim answer', () => {
    assert.deepEqual(readAll([bytesOf(`HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n${wholeAnswer}`)]), {
      head: { status: 200, location: undefined },
      body: 'hello',
    });
  });

  it('holds no more of the body than is wanted', () => {
    assert.equal(readAll([bytesOf(wholeAnswer)], 2).body, 'he');
    assert.equal(readAll([bytesOf(wholeAnswer.slice(0, -2)), bytesOf('lo')], 2).body, 'he');
  });

  it('ends with an error where more was to come', () => {
    for (const text of ['', 'HTTP/1.1 200', wholeAnswer.slice(0, -1)])
      assert.throws(() => readAll([bytesOf(text)]), { code: 'ECONNRESET' }, text);
  });

  it('ends with what the judge of the head throws', () => {
    for (const text of [wholeAnswer, wholeAnswer.replace('Content-Length: 5', 'Connection: close')]) {
      const answer = new HttpAnswer('GET', 1024, () => {
        throw new Error('not this status');
      });
      assert.throws(() => answer.read(bytesOf(text)), /not this status/);
    }
  });
});

describe('plainAnswer', () => {
  it('reads a head and a body of a given length, and where it redirects to', () => {
    const bytes = bytesOf('HTTP/1.0 301 Moved\r\nlocation:  /a b \r\ncontent-length:2\r\n\r\nokmore');
    const plain = plainAnswer(bytes, 'GET');
    assert.deepEqual(plain, { status: 301, location: '/a b', body: bytesOf('ok') });
  });

  const others: [string, string][] = [
    ['an answer that is not all there', wholeAnswer.slice(0, -1)],
    ['a head without its end', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n'],
    ['no length', 'HTTP/1.1 200 OK\r\nServer: IIS\r\n\r\nhello'],
    ['two lengths', wholeAnswer.replace('Server: IIS', 'content-length: 5')],
    ['a chunked body', wholeAnswer.replace('Server: IIS', 'Transfer-Encoding: chunked')],
    ['a length that is no number', wholeAnswer.replace(': 5', ': 5, 5')],
    ['an interim answer', wholeAnswer.replace('200 OK', '100 Continue')],
    ['a status without a body', wholeAnswer.replace('200 OK', '204 No Content')],
    ['another version', wholeAnswer.replace('1.1', '2.0')],
    ['a folded line', wholeAnswer.replace('IIS', 'IIS\r\n 10')],
    ['a space before the colon', wholeAnswer.replace('Server:', 'Server :')],
    ['a bare line feed', wholeAnswer.replace('IIS\r\n', 'IIS\n')],
    ['a head that is too long', wholeAnswer.replace('IIS', 'I'.repeat(20_000))],
  ];
  for (const [what, text] of others)
    it(`leaves ${what} to the parser`, () => {
      assert.equal(plainAnswer(bytesOf(text), 'GET'), undefined);
    });

  it('leaves the answer to HEAD to the parser, which has no body', () => {
    assert.equal(plainAnswer(bytesOf(wholeAnswer), 'HEAD'), undefined);
  });

  it('never reads another answer than the parser does', () => {
    const field = fc.constantFrom(
      'Content-Length: 3',
      'content-length:\t3 ',
      'Location: /a',
      'Location: ',
      'LOCATION:b ',
      'X: ',
      'X-Y: \u00fc: 1',
      'Connection: close',
    );
    const status = fc.constantFrom('200 OK', '404 ', '302 Found', '500 Wrong');
    fc.assert(
      fc.property(status, fc.array(field, { maxLength: 6 }), (line, fields) => {
        const text = `HTTP/1.1 ${line}\r\n${fields.map((one) => `${one}\r\n`).join('')}\r\nabcd`;
        const plain = plainAnswer(bytesOf(text), 'GET');
        fc.pre(plain !== undefined);
        // In two pieces it is for the parser.
        const parsed = readAll([bytesOf(text.slice(0, 9)), bytesOf(text.slice(9))]);
        assert.deepEqual(
          { head: { status: plain.status, location: plain.location }, body: plain.body.toString('latin1') },
          parsed,
        );
      }),
    );
  });
});
