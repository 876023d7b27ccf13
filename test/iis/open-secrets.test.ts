import assert from 'node:assert/strict';
import { PasswordBoxes } from '../../src/edge/secret-box.ts';
import { formatBackup, parseBackup } from '../../src/iis/backup-file.ts';
import { exportSite, openSecrets, type SecretStore, type SiteBackup } from '../../src/iis/index.ts';
import { placeKey } from '../../src/iis/secret-place.ts';
import { FailoverError } from '../../src/model/failover-error.ts';
import { Secret } from '../../src/model/secret.ts';
import { exportOptions, parse, serverText } from './samples.ts';

const server = parse(
  serverText({
    pools: `
            <add name="p"><processModel userName="EX\\p" password="[enc:IISWASOnlyAesProvider:AA:enc]" /></add>`,
    sites: `
            <site name="a" id="1"><application path="/" applicationPool="p">
                <virtualDirectory path="/" physicalPath="C:\\a" userName="EX\\nas" password="[enc:AesProvider:BB:enc]" />
            </application></site>
            <site name="b" id="2"><application path="/" applicationPool="p">
                <virtualDirectory path="/" physicalPath="C:\\b" userName="EX\\clear" password="clear" />
            </application></site>`,
    locations: `
    <location path="a"><system.web><x future="[enc:My:CC:enc]" /></system.web></location>`,
  }).replace(
    '<configProtectedData>',
    `<configSections><sectionGroup name="system.applicationHost">
        <section name="applicationPools" /><section name="sites" />
    </sectionGroup></configSections>
    <configProtectedData>`,
  ),
);
const backups = ['a', 'b'].map((name) => exportSite(server, name, exportOptions));

/** Answers with the place, and counts what it is asked. */
function store(asked: string[] = []): SecretStore {
  return {
    open: async (file, places) => {
      asked.push(...places.map((place) => `${file} ${place.section} ${place.steps.at(-1)?.name ?? ''}`));
      return places.map((place) =>
        place.section.endsWith('sites') ? { error: 'no right' } : { value: new Secret(placeKey(place)) },
      );
    },
    set: async () => assert.fail('nothing is set on the primary'),
  };
}

const shown = (of: SiteBackup[]): unknown =>
  of.map(({ secrets }) =>
    secrets.map(({ path, kind, account, encryptable, opened, hole }) => [
      /\w+(\[path=\/\])?\/@\w+$/.exec(path)?.[0],
      kind,
      account,
      encryptable === true,
      opened?.reveal().split('\n')[0],
      hole,
    ]),
  );
const pool = 'processModel/@password';

describe('encrypted secrets of a backup', () => {
  it('are opened on the primary, each once; one that is not says why', async () => {
    const asked: string[] = [];
    const opened = await openSecrets(backups, 'applicationHost.config', store(asked));
    const ofPool = [pool, 'password', 'EX\\p', true, 'system.applicationhost/applicationpools', undefined];
    assert.deepEqual(shown(opened), [
      [
        ['virtualDirectory[path=/]/@password', 'password', 'EX\\nas', true, undefined, 'no right'],
        ofPool,
        ['x/@future', 'setting', undefined, true, undefined, 'the file does not declare its section'],
      ],
      [['virtualDirectory[path=/]/@password', 'password', 'EX\\clear', true, undefined, undefined], ofPool],
    ]);
    assert.deepEqual(asked, [
      'applicationHost.config system.applicationHost/sites virtualDirectory',
      'applicationHost.config system.applicationHost/applicationPools processModel',
    ]);
  });

  it('are holes where IIS is not there or refuses', async () => {
    const refusing: SecretStore = {
      ...store(),
      open: async () => {
        throw new FailoverError('DotNetFailed', 'Access is denied.');
      },
    };
    for (const [means, why] of [
      [{ absent: 'no IIS' }, 'no IIS'],
      [refusing, 'Access is denied.'],
    ] as const) {
      const [first] = await openSecrets(backups, 'applicationHost.config', means);
      assert.deepEqual(
        first?.secrets.slice(0, 2).map(({ hole, opened }) => [hole, opened]),
        [
          [why, undefined],
          [why, undefined],
        ],
      );
    }
  });

  it('travel sealed: the file names the place, the account and the hole, and no value', async () => {
    const opened = await openSecrets(backups, 'applicationHost.config', store());
    const passwords = new PasswordBoxes(new Secret('pw'));
    const box = await passwords.for({ n: 2 ** 14, r: 8, p: 1, salt: Buffer.alloc(16) });
    const texts = await Promise.all(opened.map((one) => formatBackup(one, box)));
    for (const text of texts) assert.doesNotMatch(text, /enc:|system\.applicationhost|"clear"/);
    assert.match(
      texts[0] ?? '',
      /<secret number="1" path="site\/application\[path=\/\]\/virtualDirectory\[path=\/\]\/@password" kind="password" account="EX\\nas" encryptable="true" provider="AesProvider" fingerprint="[0-9a-f]{64}" hole="no right" \/>/,
    );
    const read = await Promise.all(texts.map((text) => parseBackup(Buffer.from(text), 'a.xml', passwords)));
    assert.deepEqual(shown(read), shown(opened));
    assert.equal(read[0]?.secrets[0]?.value?.reveal(), '[enc:AesProvider:BB:enc]');
  });

  it('are not in a backup without a password', async () => {
    const opened = await openSecrets(backups, 'applicationHost.config', store());
    const text = await formatBackup(opened[0]!);
    const { secrets } = await parseBackup(Buffer.from(text), 'a.xml');
    assert.deepEqual(
      secrets.map(({ value, opened: clear }) => [value, clear]),
      secrets.map(() => [undefined, undefined]),
    );
  });
});
