import assert from 'node:assert/strict';
import { compareSites, planRestore } from '../../src/iis/index.ts';
import { corpus, exportAll, parse } from './samples.ts';

/** A server with a pool and a site; the parts are the defaults elements. */
const server = (parts: { pools?: string; sites?: string; site?: string } = {}): string => `<configuration>
  <system.applicationHost>
    <applicationPools>
      <add name="DefaultAppPool" />
      <add name="p" queueLength="500" />${parts.pools ?? ''}
    </applicationPools>
    <sites>${parts.site ?? site}${parts.sites ?? ''}</sites>
  </system.applicationHost>
</configuration>`;

const site = `
      <site name="a" id="1">
        <application path="/" applicationPool="p">
          <virtualDirectory path="/" physicalPath="C:\\a" />
        </application>
      </site>`;

/** The text and the findings of a restore into a server without sites. */
function materialized(primary: string, target: string) {
  const backups = exportAll(parse(primary));
  const options = { materializeDefaults: true };
  const plan = planRestore(parse(target), backups, options);
  const text = plan.text(['a']);
  assert.deepEqual(planRestore(parse(text), backups, options).sites[0]?.changes, [], 'a second restore');
  return { text, backups, findings: [...plan.findings, ...plan.sites[0]!.findings] };
}

const bare = (parts: Parameters<typeof server>[0] = {}): string =>
  server({ site: '', ...parts }).replace(/\n.*<add name="p".*?\/>/, '\n');

describe('-MaterializeDefaults', () => {
  it('changes nothing where the defaults say the same, written or built in', () => {
    const { text, findings } = materialized(
      server({ sites: '<siteDefaults serverAutoStart="true"><limits /></siteDefaults>' }),
      bare({ sites: '<siteDefaults><logFile logFormat="W3C" /></siteDefaults>' }),
    );
    assert.deepEqual(findings, []);
    assert.match(text, /<site name="a" id="1">/);
    assert.doesNotMatch(text, /<site [^]*serverAutoStart[^]*<\/site>/);
  });

  it('writes into the site and the pool what they left to the defaults', () => {
    const primary = server({
      pools:
        '<applicationPoolDefaults managedRuntimeVersion="v2.0" queueLength="9"><processModel idleTimeout="00:05:00" /></applicationPoolDefaults>',
      sites:
        '<siteDefaults><logFile directory="E:\\logs &amp; more" /></siteDefaults><applicationDefaults enabledProtocols="http,net.tcp" />' +
        '<virtualDirectoryDefaults allowSubDirConfig="false" />',
    });
    const { text, findings, backups } = materialized(primary, bare());
    assert.match(
      text,
      /<add name="p" queueLength="500" managedRuntimeVersion="v2.0">\s*<processModel idleTimeout="00:05:00" \/>\s*<\/add>/,
    );
    assert.match(text, /<application path="\/" applicationPool="p" enabledProtocols="http,net.tcp">/);
    assert.match(text, /physicalPath="C:\\a" allowSubDirConfig="false" \/>/);
    assert.match(text, /<logFile directory="E:\\logs &amp; more" \/>\s*<\/site>/);
    assert.deepEqual(
      findings.map(({ id, location, message }) => `${id} ${location} ${message.split(': ')[1]}`),
      [
        'DefaultsMaterialized site logFile/@directory',
        'DefaultsMaterialized site/application[path=/]/virtualDirectory[path=/] @allowSubDirConfig',
        'DefaultsMaterialized site/application[path=/] @enabledProtocols',
        'DefaultsMaterialized applicationPools/add[name=p] @managedRuntimeVersion, processModel/@idleTimeout',
      ],
    );
    assert.deepEqual([...compareSites(parse(text), backups)][0]?.differences, []);
  });

  it('writes what IIS has built in where only this server says otherwise, and reports what that does not tell', () => {
    const target = bare({
      pools: '<applicationPoolDefaults queueLength="7" managedRuntimeVersion="v2.0" />',
      sites: '<siteDefaults serverAutoStart="false" /><applicationDefaults applicationPool="Other" />',
    });
    const { text, findings } = materialized(
      server({ site: site.replace(' applicationPool="p"', '') }),
      target,
    );
    assert.match(text, /<site name="a" id="1" serverAutoStart="true">/);
    assert.match(text, /<application path="\/" applicationPool="DefaultAppPool">/);
    assert.deepEqual(
      findings.map(({ id }) => id),
      ['DefaultsMaterialized', 'DefaultsMaterialized'],
    );
    const other = materialized(server(), target).findings.map(
      ({ id, message }) => `${id} ${message.split(': ')[1]}`,
    );
    assert.ok(other.includes('DefaultsNotMaterialized @managedRuntimeVersion'), other.join('\n'));
  });

  it('leaves what nearer defaults of the site say', () => {
    const own = site
      .replace('</site>', '<applicationDefaults enabledProtocols="http" /></site>')
      .replace('</application>', '<virtualDirectoryDefaults allowSubDirConfig="true" /></application>');
    const primary = server({
      site: own,
      sites:
        '<applicationDefaults enabledProtocols="net.tcp" /><virtualDirectoryDefaults allowSubDirConfig="false" />',
    });
    assert.deepEqual(materialized(primary, bare()).findings, []);
  });

  it('reports accounts and collections, and writes no half of them', () => {
    const primary = server({
      pools:
        '<applicationPoolDefaults><processModel userName="u" password="planted" identityType="SpecificUser" />' +
        '<recycling><periodicRestart><schedule><add value="03:00:00" /></schedule></periodicRestart></recycling></applicationPoolDefaults>',
    });
    const { text, findings } = materialized(primary, bare());
    assert.doesNotMatch(text, /processModel|schedule/);
    assert.deepEqual(
      findings.map(({ id, message }) => `${id} ${message.split(': ')[1]}`),
      [
        'DefaultsNotMaterialized processModel/@userName, processModel/@password, processModel/@identityType, ' +
          'recycling/periodicRestart/schedule',
      ],
    );
    assert.doesNotMatch(JSON.stringify(findings), /planted/);
  });

  it('leaves nothing of real servers to their defaults but what it reports', () => {
    for (const from of corpus)
      for (const to of corpus) {
        const [source, target] = [from, to].map(({ bytes }) => parse(bytes.toString('utf8')));
        const backups = exportAll(source!);
        const plan = planRestore(target!, backups, { materializeDefaults: true });
        const done = backups.filter((_, index) => !plan.sites[index]!.refused);
        const result = parse(plan.text(done.map(({ name }) => name)));
        const reported = new Map(
          plan.sites.map(({ name, findings }) => [
            name,
            findings
              .filter(({ id }) => id === 'DefaultsNotMaterialized')
              .map(({ message }) => message)
              .join(),
          ]),
        );
        for (const { site: name, differences } of compareSites(result, done))
          for (const { path, primary } of differences) {
            if (path.includes('[name=DefaultAppPool]') || primary === '********') continue;
            const attribute = path.slice(path.lastIndexOf('@'));
            assert.ok(reported.get(name)?.includes(attribute), `${from.name} -> ${to.name}: ${name} ${path}`);
          }
      }
  });
});
