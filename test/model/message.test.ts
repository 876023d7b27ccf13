import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { errorCatalog } from '../../src/model/error-catalog.ts';
import { failure, reworded } from '../../src/model/failover-error.ts';
import { findingCatalog } from '../../src/model/finding.ts';
import { formsOf, type MessageCatalog, messageText } from '../../src/model/message.ts';
import { Secret } from '../../src/model/secret.ts';

const catalog = {
  Plain: { message: 'Nothing is there' },
  Moved: { message: '{count} sites moved at {time} to {place}' },
  Several: { message: { one: 'One of {place}', other: 'All of {place}' } },
} as const;

describe('messages of a catalogue', () => {
  it('have their values put in, numbers and times alike in every culture', () => {
    const time = new Date('2026-11-24T01:02:03Z');
    const text = messageText(catalog, 'Moved', { count: 1234567.5, time, place: 'the standby' });
    assert.equal(text, '1234567.5 sites moved at 2026-11-24T01:02:03.000Z to the standby');
    assert.equal(messageText(catalog, 'Plain', {}), 'Nothing is there');
    assert.equal(messageText(catalog, 'Several.other', { place: 'here' }), 'All of here');
  });

  it('keep a value as it is, even where it looks like a placeholder or a pattern of replacements', () => {
    const text = messageText(catalog, 'Several.one', { place: '{place} $& $1 {count}' });
    assert.equal(text, 'One of {place} $& $1 {count}');
  });

  it('take exactly the values that they name, and no secret', () => {
    const misused = (): unknown[] => [
      // @ts-expect-error a value is missing
      messageText(catalog, 'Several.one', {}),
      // @ts-expect-error a value has no place
      messageText(catalog, 'Several.one', { place: 'here', count: 1 }),
      // @ts-expect-error an id with several texts needs the name of one
      messageText(catalog, 'Several', { place: 'here' }),
      // @ts-expect-error there is no such text
      messageText(catalog, 'Several.none', { place: 'here' }),
      // @ts-expect-error a secret is no value
      messageText(catalog, 'Several.one', { place: new Secret('x') }),
      // @ts-expect-error a text with placeholders needs its values
      failure('SiteNotFound.inFile'),
    ];
    assert.throws(misused, /The catalogue has no message Several/);
  });
});

describe('failure', () => {
  it('gives an error of the id with the text of the form, and what it is about', () => {
    const cause = new Error('gone');
    const error = failure(
      'SiteNotFound.inFile',
      { path: 'a.config', name: 'shop' },
      { target: 'shop', cause },
    );
    assert.equal(error.id, 'SiteNotFound');
    assert.equal(error.message, 'a.config has no site named shop');
    assert.deepEqual([error.target, error.cause, error.category], ['shop', cause, 'ObjectNotFound']);
  });

  it('keeps its id, target and remedy in other words', () => {
    const error = failure('DnsRecordMissing', { name: 'www.a.test' }, { target: 'www.a.test' });
    const site = reworded(error, `shop: ${error.message}`, 'shop');
    assert.deepEqual([site.id, site.target, site.remedy], [error.id, 'shop', error.remedy]);
    assert.equal(reworded(error, 'x').target, 'www.a.test');
  });
});

describe('the catalogues of errors and findings', () => {
  it('have whole texts: none is empty, has a loose brace, or spaces at its ends', () => {
    const texts = [...Object.values(errorCatalog), ...Object.values(findingCatalog)].flatMap(({ message }) =>
      formsOf(message),
    );
    const wrong = texts.filter((text) => text.trim() !== text || !/^(?:[^{}]|\{[a-z]\w*\})+$/i.test(text));
    assert.deepEqual(wrong, []);
    assert.ok(texts.length > 250);
  });

  it('have no text that nothing shows', async () => {
    const sources = [
      ...(await sourcesBelow('src')),
      ...(await sourcesBelow('build/generate')),
      ...(await sourcesBelow('build/bundle.ts')),
    ].join('\n');
    const keys = [errorCatalog, findingCatalog].flatMap((catalog: MessageCatalog) =>
      Object.entries(catalog).flatMap(([id, { message }]) =>
        typeof message === 'string' ? [id] : Object.keys(message).map((form) => `${id}.${form}`),
      ),
    );
    // One part of a key may be chosen when it runs: `${id}.write`, `SiteListInvalid.${form}`.
    const isUsed = (key: string): boolean => {
      const [id, form] = key.split('.');
      const forms = [`'${key}'`, `\`${id}.$\{`, `}.${form}\``];
      const isChosen = sources.includes('`${id}.${form}`') && sources.includes(`'${form}'`);
      return isChosen || forms.some((text) => sources.includes(text));
    };
    assert.deepEqual(
      keys.filter((key) => !isUsed(key)),
      [],
    );
  });
});

/** The texts of the TypeScript files of a folder, but for the catalogues. */
async function sourcesBelow(path: string): Promise<string[]> {
  const root = new URL('../../', import.meta.url);
  const below = path.endsWith('.ts') ? [''] : await readdir(new URL(path, root), { recursive: true });
  const files = below.filter(
    (name) => (path + name).endsWith('.ts') && !/model.(errors|findings)/.test(name),
  );
  return Promise.all(
    files.map((name) => readFile(new URL(name === '' ? path : `${path}/${name}`, root), 'utf8')),
  );
}
