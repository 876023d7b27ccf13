import assert from 'node:assert/strict';
import { isAcceptable, PasswordBoxes, sameText } from '../../src/edge/secret-box.ts';
import { Secret } from '../../src/model/secret.ts';

const boxes = (password: string): PasswordBoxes => new PasswordBoxes(new Secret(password));

/** The least cost that is accepted, to keep tests fast. */
const derivation = { n: 2 ** 14, r: 8, p: 1, salt: Buffer.from('0123456789abcdef') };

describe('secret box', () => {
  it('opens what it sealed, in another process as well', async () => {
    const sealed = await (await boxes('p\u00e4ss').for(derivation)).seal('text \u{1F600}');
    assert.equal(await (await boxes('pa\u0308ss').for(derivation)).open(sealed), 'text \u{1F600}');
  });

  it('seals the same text differently each time, and shows nothing of it', async () => {
    const box = await boxes('x').for(derivation);
    const [one, two] = [await box.seal('secret'), await box.seal('secret')];
    assert.notEqual(one, two);
    assert.equal(Buffer.from(one, 'base64').length, 12 + 16 + 6);
    assert.equal(Buffer.from(one, 'base64').includes('secret'), false);
  });

  it('refuses a changed text, a cut one and another password', async () => {
    const box = await boxes('x').for(derivation);
    const bytes = Buffer.from(await box.seal('secret'), 'base64');
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      await assert.rejects(box.open(changed.toString('base64')), `byte ${index}`);
      await assert.rejects(box.open(bytes.subarray(0, index).toString('base64')), `cut at ${index}`);
    }
    await assert.rejects((await boxes('y').for(derivation)).open(bytes.toString('base64')));
  });

  it('derives a key once for each salt', async () => {
    const shared = boxes('x');
    assert.equal(
      await shared.for(derivation),
      await shared.for({ ...derivation, salt: Buffer.from(derivation.salt) }),
    );
    const other = { ...derivation, salt: Buffer.from('fedcba9876543210') };
    assert.notEqual((await shared.for(other)).check, (await shared.for(derivation)).check);
  });

  it('makes fresh boxes with costs it accepts, each with a salt of its own', async () => {
    const shared = boxes('x');
    const [one, two] = [await shared.fresh(), await shared.fresh()];
    assert.ok(isAcceptable(one.derivation));
    assert.notDeepEqual(one.derivation.salt, two.derivation.salt);
  });

  it('accepts no costs that are weak, or that would exhaust the machine', () => {
    assert.ok(isAcceptable(derivation));
    for (const wrong of [
      { n: 2 ** 13 },
      { n: 2 ** 15 + 1 },
      { n: NaN },
      { n: 2 ** 22 },
      { n: 2 ** 20, r: 8, p: 1 },
      { r: 0 },
      { r: 65 },
      { p: 0 },
      { p: 1.5 },
      { n: 2 ** 18, p: 64 },
      { salt: Buffer.alloc(15) },
      { salt: Buffer.alloc(65) },
    ])
      assert.equal(isAcceptable({ ...derivation, ...wrong }), false, JSON.stringify(wrong));
  });

  it('keeps its keys to itself when it is printed', async () => {
    const box = await boxes('x').for(derivation);
    assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(box)) as object).sort(), ['check', 'derivation']);
  });

  it('compares texts', () => {
    assert.ok(sameText('abc', 'abc'));
    assert.equal(sameText('abc', 'abd'), false);
    assert.equal(sameText('abc', 'abcd'), false);
  });
});
