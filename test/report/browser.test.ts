import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { parseDashboardAddress } from '../../src/dashboard/address.ts';
import { startDashboard } from '../../src/dashboard/server.ts';
import { newToken } from '../../src/dashboard/token.ts';
import type { ReportData } from '../../src/report/data.ts';
import { type PageAssets, renderMain, renderPage } from '../../src/report/page.ts';
import { launchChromium, missingChromium } from '../support/chromium.ts';
import { skipWhereMissing } from '../support/requirements.ts';
import { down, fleet, pageAssets, site } from './samples.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

describe('the page of a report in Chromium', function () {
  this.timeout(60_000);
  let browser: Browser;
  let assets: PageAssets;
  let folder: string;
  /** Errors of the page, and requests to anything but itself. */
  const faults: string[] = [];

  before(async function () {
    skipWhereMissing(this, missingChromium());
    browser = await launchChromium();
    assets = await pageAssets();
    folder = await mkdtemp(join(tmpdir(), 'iisfailover-browser-'));
  });
  beforeEach(() => void faults.splice(0));
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    assert.deepEqual(faults, []);
  });
  after(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  async function open(url: string, scheme: 'light' | 'dark' = 'light', width = 1280): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const own = new URL(url);
    page.on('console', (message) => faults.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('request', (request) => {
      const to = new URL(request.url());
      const isOwn = own.protocol === 'file:' ? to.href === own.href : to.origin === own.origin;
      if (!isOwn && to.protocol !== 'data:') faults.push(`asks ${to.href}`);
    });
    await page.goto(url);
    return page;
  }

  async function openReport(data: ReportData, scheme?: 'light' | 'dark', width?: number): Promise<Page> {
    const path = join(folder, 'report.html');
    await writeFile(path, renderPage(data, assets));
    return open(pathToFileURL(path).href, scheme, width);
  }

  const names = (page: Page): Promise<string[]> =>
    page.locator('#site-rows tr:visible th > bdi').allTextContents();

  it('sorts by the keyboard, and says by what', async () => {
    const page = await openReport(fleet(12));
    await page.locator('#filter').focus();
    await page.keyboard.press('Tab'); // the region that scrolls
    await page.keyboard.press('Tab');
    const heading = page.getByRole('columnheader', { name: 'Site' });
    assert.equal(await page.evaluate('document.activeElement?.textContent'), 'Site');
    await page.keyboard.press('Enter');
    assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
    assert.deepEqual(
      (await names(page)).slice(0, 3),
      [1, 2, 3].map((n) => `site${n}.example.com`),
    );
    await page.keyboard.press('Enter');
    assert.equal(await heading.getAttribute('aria-sort'), 'descending');
    assert.equal((await names(page))[0], 'site12.example.com');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    assert.equal(await heading.getAttribute('aria-sort'), null);
    assert.equal((await names(page))[0], 'site12.example.com'); // down on both servers
  });

  it('finds sites by their name and by their state', async () => {
    const page = await openReport(fleet(12));
    await page.getByLabel('Search').pressSequentially('SITE1 example');
    assert.deepEqual(
      await names(page),
      [12, 1, 10, 11].map((n) => `site${n}.example.com`),
    );
    await page.getByLabel('Show').selectOption('What needs attention');
    assert.deepEqual(await names(page), ['site12.example.com']);
    assert.equal(await page.locator('#shown').textContent(), '1 of 12 sites');
    await page.getByLabel('Search').fill('nothing like it');
    assert.equal(await page.locator('#none-shown').isVisible(), true);
  });

  it('draws the latencies, of all sites and of one, with a table of the values', async () => {
    const page = await openReport(fleet(3));
    assert.match(
      (await page.locator('#chart').getAttribute('aria-label')) ?? '',
      /all sites.*median: last \d+ ms/,
    );
    await page.locator('#latency-site').selectOption('site2.example.com');
    assert.match(
      (await page.locator('#chart').getAttribute('aria-label')) ?? '',
      /Latency of site2\.example\.com/,
    );
    await page.getByText('The values as a table').click();
    await page.locator('#latency-values tbody tr').first().waitFor();
    assert.equal(await page.locator('#latency-values tbody tr').count(), 48);
    assert.equal(await page.locator('#chart canvas').count(), 1);
  });

  for (const [scheme, width] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const)
    it(`has names, roles and contrast in order: ${scheme}, ${width} pixels`, async () => {
      const page = await openReport(fleet(30), scheme, width);
      // The policy of the page allows no other script: axe comes by the debugger, which it does not concern.
      await page.evaluate(await readFile(axe, 'utf8'));
      const violations = await page.evaluate(async () => {
        const { axe: tool } = globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        const { violations: found } = await tool.run();
        return found.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .slice(0, 3)
              .map((node) => node.html)
              .join(' ')}`,
        );
      });
      assert.deepEqual(violations, []);
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
    });

  it('does not run what a site is named', async () => {
    const name = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
    const data = {
      ...fleet(1),
      sites: [site(name, { primary: { ...down, error: name } })],
      warnings: [name],
    };
    const page = await openReport(data);
    assert.deepEqual(await names(page), [name]);
    assert.equal(await page.locator('img').count(), 0);
  });

  it('shows, sorts and filters a thousand sites', async () => {
    const page = await openReport(fleet(1000));
    assert.equal(await page.locator('#site-rows tr').count(), 1000);
    await page.getByRole('button', { name: 'Condition' }).click();
    await page.getByLabel('Search').fill('site777.');
    assert.deepEqual(await names(page), ['site777.example.com']);
  });

  it('shows what is new without losing the search, the order and the focus', async () => {
    let data = fleet(12);
    let version = '1';
    const token = newToken();
    // While the page loads what is new, there is something newer.
    const goOn = (): void => {
      data = { ...data, sites: data.sites.map((one) => ({ ...one, primary: down, failover: down })) };
      version = '3';
      server.announce(view());
    };
    const view = () => ({
      version,
      page: () => renderPage(data, assets, { live: true }),
      main: () => {
        const { text } = renderMain(data);
        if (version === '2') goOn();
        return text;
      },
    });
    const server = await startDashboard({
      address: parseDashboardAddress('127.0.0.1:0'),
      token,
      assets,
      view: async () => view(),
      metrics: async () => ({ type: 'text/plain', body: '' }),
    });
    try {
      const page = await open(`${server.url}?token=${token.reveal()}`);
      assert.equal(page.url(), server.url);
      await page.getByText('Live', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Site' }).click();
      await page.getByRole('button', { name: 'Site' }).click();
      await page.getByLabel('Search').fill('site1');
      data = { ...data, sites: data.sites.map((one) => ({ ...one, target: 'failover' as const })) };
      version = '2';
      server.announce(view());
      await page.locator('#site-rows tr[data-target=failover]').first().waitFor();
      assert.deepEqual(
        await names(page),
        [12, 11, 10, 1].map((n) => `site${n}.example.com`),
      );
      assert.equal(await page.evaluate('document.activeElement?.id'), 'search');
      await page.locator('#site-rows').getByText('Down on both servers').first().waitFor();
      await server.close();
      await page.getByText('No connection to the monitor').waitFor();
      faults.splice(0); // Chromium reports the refused connection
      await page.close();
    } finally {
      await server.close();
    }
  });
});
