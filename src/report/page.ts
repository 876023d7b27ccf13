import { createHash } from 'node:crypto';
import type { ReportData } from './data.ts';
import { Html, markup } from './html.ts';
import { latencyHtml, latencyJson } from './latency-section.ts';
import { readinessHtml } from './readiness-section.ts';
import { sitesHtml } from './site-table.ts';
import { summaryHtml } from './summary.ts';
import { timelineHtml } from './timeline.ts';
import { isoTime } from './times.ts';

/** The script and the style sheet of the page, as they are put into it. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

export interface PageOptions {
  /** The page asks its server for news; else it asks nobody for anything. */
  readonly live?: boolean;
}

/** The policy of a page (CSP 3): its own script and style by their hashes, and nothing from anywhere else. */
export function contentSecurityPolicy(
  { script, style }: PageAssets,
  { live = false }: PageOptions = {},
): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    `default-src 'none'`,
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src data:',
    ...(live ? [`connect-src 'self'`] : []),
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}

/** One page that holds all that it needs. */
export function renderPage(data: ReportData, assets: PageAssets, options: PageOptions = {}): string {
  const { live = false } = options;
  const title = live ? 'IIS failover' : `IIS failover, ${isoTime(data.generated)}`;
  return markup`<!doctype html>
<html lang="en" data-live="${live ? 'yes' : 'no'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(assets, options)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(assets.style)}</style>
</head>
<body>
<a class="skip" href="#sites">Skip to the sites</a>
<header>
<h1>IIS failover</h1>
<p>Primary <b><bdi>${data.servers.primary.join(', ')}</bdi></b>, failover server <b><bdi>${data.servers.failover.join(', ')}</bdi></b></p>
${live ? markup`<p id="connection" role="status">Connecting</p>` : undefined}
<nav aria-label="Parts of this page">${parts.map(([id, name]) => markup`<a href="#${id}">${name}</a> `)}</nav>
</header>
${renderMain(data)}
<script>${new Html(assets.script)}</script>
</body>
</html>
`.text;
}

const parts = [
  ['sites', 'Sites'],
  ['readiness', 'Readiness'],
  ['history', 'History'],
  ['latency', 'Latency'],
] as const;

/** What changes while the page is shown. */
export function renderMain(data: ReportData): Html {
  return markup`<main>
    <section id="summary" aria-label="Summary">${summaryHtml(data)}</section>
    <section id="sites" aria-labelledby="sites-title">
      <h2 id="sites-title">Sites</h2>
      ${sitesHtml(data.sites, data.generated)}
    </section>
    <section id="readiness" aria-labelledby="readiness-title">
      <h2 id="readiness-title">Readiness</h2>
      <p>Would a failover work now?</p>
      <div id="readiness-body">${readinessHtml(data.readiness)}</div>
    </section>
    <section id="history" aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      <div id="history-body">${timelineHtml(data)}</div>
    </section>
    <section id="latency" aria-labelledby="latency-title">
      <h2 id="latency-title">Latency</h2>
      <div id="latency-body">${latencyHtml(data.latency)}</div>
      <script type="application/json" id="latency-data">
        ${latencyJson(data.latency)}
      </script>
    </section>
  </main>`;
}
