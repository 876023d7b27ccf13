import { conditionOf, levels, type ReportServer, type ReportSite } from './data.ts';
import { type Html, markup } from './html.ts';
import { badge } from './summary.ts';
import { isoTime, timeHtml } from './times.ts';

/** By what the rows are sorted: the values are in data-sort of their cells, as numbers or as text. */
const columns = [
  'Site',
  'Condition',
  'Records',
  'Primary',
  'Failover',
  'Probed',
  'Switched',
  'Backup',
  'Restore',
  'Content copy',
] as const;

const targets = { primary: 'Primary', failover: 'Failover', unknown: 'Unknown' } as const;
const states = { up: 'Up', degraded: 'Degraded', down: 'Down', unknown: 'Unknown' } as const;
const stateLevels = { up: 'ok', degraded: 'warning', down: 'critical', unknown: 'notice' } as const;

/** The search box and the table; both work on rows only, so that a new tbody may take the place of the old one. */
export function sitesHtml(sites: readonly ReportSite[], now: Date): Html {
  return markup`<div class="tools" hidden>
      <label>Search <input id="search" type="search" autocomplete="off" spellcheck="false" /></label>
      <label
        >Show
        <select id="filter">
          <option value="">All sites</option>
          <option value="attention">What needs attention</option>
          <option value="primary">On the primary</option>
          <option value="failover">On the failover server</option>
          <option value="unknown">Records unknown</option>
        </select>
      </label>
      <output id="shown" for="search filter">${sites.length} of ${sites.length} sites</output>
    </div>
    <div class="scroll" role="region" aria-label="Table of the sites" tabindex="0">
      <table id="site-table">
        <caption class="visually-hidden">
          State of each site
        </caption>
        <thead>
          <tr>
            ${columns.map((name) => markup`<th scope="col"><span>${name}</span></th>`)}
          </tr>
        </thead>
        <tbody id="site-rows">
          ${worstFirst(sites).map((site) => row(site, now))}
        </tbody>
      </table>
    </div>
    <p id="none-shown" hidden>No site fits the search.</p>`;
}

/** What needs somebody must not be below a thousand sites that don't. */
function worstFirst(sites: readonly ReportSite[]): ReportSite[] {
  const rank = (site: ReportSite): number => levels.indexOf(conditionOf(site).level);
  return [...sites].sort((a, b) => rank(a) - rank(b));
}

function row(site: ReportSite, now: Date): Html {
  const { level, words } = conditionOf(site);
  const attention = level === 'critical' || level === 'warning';
  const times = [site.lastProbe, site.lastSwitch, site.lastBackup, site.lastRestore, site.lastCopy];
  return markup`<tr
    data-target="${site.target}"
    data-attention="${attention ? 'yes' : 'no'}"
    data-site="${site.name}"
  >
    <th scope="row" data-sort="${site.name}"><bdi>${site.name}</bdi>${hostNames(site)}</th>
    <td data-sort="${levels.indexOf(level)} ${words}">
      ${badge(level, words)}${lacking(site)}${byHand(site)}
    </td>
    <td data-sort="${targets[site.target]}">
      ${targets[site.target]}<small>${site.addresses.join(', ')}</small>
    </td>
    ${[site.primary, site.failover].map(serverCell)}
    ${times.map((time) => markup`<td class="time" data-sort="${time === undefined ? 0 : time.getTime()}">${timeHtml(time, now)}</td>`)}
  </tr> `;
}

/** Names other than the site's own. */
function hostNames({ name, hostNames: names }: ReportSite): Html | undefined {
  const others = names.filter((one) => one.toLowerCase() !== name.toLowerCase());
  return others.length === 0 ? undefined : markup`<small><bdi>${others.join(', ')}</bdi></small>`;
}

function lacking({ partial }: ReportSite): Html | undefined {
  if (partial === undefined) return undefined;
  if (partial.missing === 'zones')
    return markup` <small>some of its zones point elsewhere; the monitor completes it</small>`;
  const { servers } = partial;
  return markup` <small>${servers.length === 0 ? 'not confirmed' : `missing on ${servers.join(', ')}`}</small>`;
}

/** What keeps the monitor from moving it. */
function byHand({ forced, suspendedUntil }: ReportSite): Html {
  return markup`${forced === undefined ? undefined : markup` <small>kept by hand</small>`}${
    suspendedUntil === undefined
      ? undefined
      : markup` <small>in maintenance until ${isoTime(suspendedUntil)}</small>`
  }`;
}

function serverCell({ state, error, latencyMs }: ReportServer): Html {
  const level = stateLevels[state];
  return markup`<td data-sort="${levels.indexOf(level)}">
    ${badge(level, states[state])}${
      latencyMs === null ? undefined : markup` <small class="ms">${Math.round(latencyMs)} ms</small>`
    }${error === null ? undefined : markup`<small class="why"><bdi>${error}</bdi></small>`}
  </td>`;
}
