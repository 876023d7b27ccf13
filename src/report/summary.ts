import { conditionOf, type Level, type ReportData } from './data.ts';
import { type Html, markup } from './html.ts';
import { isoTime } from './times.ts';

/** Shown beside words, so that nothing depends on colour alone. */
export const symbols: Readonly<Record<Level, string>> = {
  ok: '\u2713',
  notice: '\u2192',
  warning: '!',
  critical: '\u2715',
};

export function badge(level: Level, words: string): Html {
  return markup`<span class="badge ${level}"><span aria-hidden="true">${symbols[level]}</span> ${words}</span>`;
}

/** The counts at the top, and what could not be found out. */
export function summaryHtml(data: ReportData): Html {
  const { sites, readiness, generated } = data;
  const count = (test: (site: (typeof sites)[number]) => boolean): number => sites.filter(test).length;
  const levels = sites.map((site) => conditionOf(site).level);
  const failed = readiness?.filter(({ outcome }) => outcome === 'Failed').length;
  const partly = count(({ partial }) => partial?.missing === 'zones');
  const critical = count((site) => conditionOf(site).words.startsWith('Down'));
  const warning = levels.filter((level) => level === 'warning').length;
  const unknown = count(({ target }) => target === 'unknown');
  return markup`<p class="as-of">
      As of <time datetime="${generated.toISOString()}">${isoTime(generated)}</time>
    </p>
    <dl class="counts">
      ${figure('Sites', sites.length, 'ok')}
      ${figure(
        'On the primary',
        count(({ target }) => target === 'primary'),
        'ok',
      )}
      ${figure(
        'On the failover server',
        count(({ target }) => target === 'failover'),
        'notice',
      )}
      ${unknown === 0 ? undefined : figure('Records unknown', unknown, 'warning')}
      ${partly === 0 ? undefined : figure('Partly switched', partly, 'critical')}
      ${figure('Down', critical, 'critical')} ${figure('Need attention', warning, 'warning')}
      ${failed === undefined ? undefined : figure('Readiness checks failed', failed, 'critical')}
    </dl>
    ${data.warnings.map((words) => markup`<p class="problem">${badge('warning', 'Incomplete')} <bdi>${words}</bdi></p>`)}`;
}

function figure(name: string, count: number, level: Level): Html {
  return markup`<div class="${count === 0 || level === 'ok' ? 'ok' : level}">
    <dt>${name}</dt>
    <dd>${count}</dd>
  </div>`;
}
