import { fleetLatency } from './fleet-latency.ts';
import { type Html, markup, scriptJson } from './html.ts';
import type { LatencySeries } from './latency.ts';

/** What the page's script draws: the series of each site, and of all of them. */
export interface LatencyData extends LatencySeries {
  readonly fleet: ReturnType<typeof fleetLatency>;
}

export function latencyHtml(latency: LatencySeries): Html {
  if (latency.sites.length === 0) return markup`<p>No latency was measured in this time.</p>`;
  return markup`<div class="tools" hidden>
      <label
        >Site
        <select id="latency-site">
          <option value="">All sites: median and 95th percentile</option>
          ${latency.sites.map(({ site }, index) => markup`<option value="${index}">${site}</option>`)}
        </select>
      </label>
    </div>
    <noscript><p>The chart needs the script of this page.</p></noscript>
    <div id="chart" role="img" aria-label="Latency chart"></div>
    <details id="latency-values">
      <summary>The values as a table</summary>
      <div class="scroll" role="region" aria-label="Latency values" tabindex="0"></div>
    </details>`;
}

export function latencyJson(latency: LatencySeries): Html {
  const data: LatencyData = { ...latency, fleet: fleetLatency(latency) };
  return scriptJson(data);
}
