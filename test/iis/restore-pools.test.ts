import assert from 'node:assert/strict';
import { type Configuration, planRestore } from '../../src/iis/index.ts';
import { exportAll, parse, serverText, siteXml } from './samples.ts';
import { backups, changes, findings, restored, site1, site2 } from './restoring.ts';

describe('pools of restored sites', () => {
  const target = (pool: string, sites: string): Configuration =>
    parse(serverText({ pools: `\n            <add name="Pool1" autoStart="${pool}" />`, sites }));

  it('refuse a site whose pool differs and serves a site that is not restored', () => {
    const shared = target('false', siteXml('own.com', 7, { pool: 'POOL1' }));
    const plan = planRestore(shared, backups);
    assert.deepEqual(
      plan.sites.map(({ refused, changes: of }) => [refused, of.length]),
      [
        [true, 0],
        [false, 1],
      ],
    );
    assert.equal(plan.sites[0]?.findings[0]?.severity, 'error');
    assert.match(
      findings(shared, backups)[0] ?? '',
      /^PoolShared .*: The pool pool1 differs .* own\.com runs in it/,
    );
    assert.deepEqual(
      [...parse(plan.text(['site1.com', 'site2.com'])).sites.keys()],
      ['own.com', 'site2.com'],
    );
  });

  it('are left and used where they mean the same', () => {
    const shared = parse(
      serverText({
        pools: `\n            <add autoStart="true" name="pool1"></add>`,
        sites: siteXml('own.com', 7, { pool: 'pool1' }),
      }),
    );
    assert.deepEqual(changes(shared, [site1]), ['add site site1.com', 'add location site1.com']);
  });

  it('are updated where only restored sites run in them', () => {
    const ours = target('false', siteXml('site1.com', 1, { pool: 'pool1' }));
    assert.ok(changes(ours, [site1]).includes('update applicationPool pool1'));
  });

  it('are not touched where it is DefaultAppPool, which is reported', () => {
    const other = parse(
      serverText({}).replace(
        '<add name="DefaultAppPool" />',
        '<add name="DefaultAppPool" autoStart="false" />',
      ),
    );
    assert.deepEqual(changes(other, [site2]), ['add site site2.com']);
    assert.match(findings(other, [site2])[0] ?? '', /^PoolDiffers .*is left as it is/);
  });

  it('are the latest form where two backups differ, and one change for both', () => {
    const older = exportAll(
      parse(
        serverText({
          pools: '<add name="pool1" autoStart="false" />',
          sites: siteXml('old.com', 5, { pool: 'pool1' }),
        }),
      ),
    ).map((backup) => ({ ...backup, created: '2025-01-01T00:00:00.000Z' }));
    const plan = planRestore(parse(serverText({})), [...older, site1]);
    const text = plan.text(['old.com', 'site1.com']);
    assert.deepEqual(text.match(/<add name="pool1".*>/g), ['<add name="pool1" autoStart="true" />']);
  });

  it('are written into the site where it took its pool from defaults that differ here', () => {
    const express = parse(
      serverText({}).replace('applicationPool="DefaultAppPool"', 'applicationPool="Other"'),
    );
    assert.deepEqual(findings(express, [site2]), [
      'PoolMadeExplicit site/application[path=/]/@applicationPool: The application takes its pool from the defaults, ' +
        'which say DefaultAppPool on the primary and Other here, so it is written into the site',
    ]);
    assert.match(restored(express, [site2]), /<application path="\/" applicationPool="DefaultAppPool">/);
  });

  it('are missed where neither server has them', () => {
    const lost = exportAll(parse(serverText({ sites: siteXml('a', 1, { pool: 'gone' }) })));
    assert.deepEqual(findings(parse(serverText({})), lost), [
      'PoolMissing applicationPools/add[name=gone]: The pool gone exists neither on the primary nor here',
    ]);
  });
});
