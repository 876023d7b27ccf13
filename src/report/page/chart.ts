import uPlot from 'uplot';
import type { LatencyData } from '../latency-section.ts';
import { byId } from './sites.ts';

type Values = readonly (number | null)[];
interface Line {
  readonly label: string;
  readonly values: Values;
  readonly color: string;
  readonly dash?: number[];
  /** The same in the legend, as a style of a border. */
  readonly border?: 'dashed' | 'dotted' | 'double';
}

/** The chart of latencies with its table; `load` takes over new data. */
export function latencyChart(): { load(): void } {
  let plot: uPlot | undefined;
  let chosen = '';

  const draw = (): void => {
    plot?.destroy();
    plot = undefined;
    const box = document.getElementById('chart');
    if (box === null) return;
    const data = JSON.parse(byId('latency-data').textContent) as LatencyData;
    const lines = linesOf(data, chosen);
    box.replaceChildren();
    box.setAttribute('aria-label', describe(data, chosen, lines));
    plot = new uPlot(options(box, lines), [[...data.times], ...lines.map(({ values }) => [...values])], box);
    fillTable(data.times, lines);
  };

  const load = (): void => {
    const select = document.getElementById('latency-site') as HTMLSelectElement | null;
    if (select !== null) {
      if ([...select.options].some(({ label }) => label === chosen)) choose(select, chosen);
      else chosen = select.selectedOptions[0]?.value === '' ? '' : (select.selectedOptions[0]?.label ?? '');
      select.addEventListener('change', () => {
        chosen = select.value === '' ? '' : (select.selectedOptions[0]?.label ?? '');
        draw();
      });
      byId('latency-values').addEventListener('toggle', draw);
    }
    draw();
  };

  let width = 0;
  new ResizeObserver(() => {
    const box = document.getElementById('chart');
    if (box === null || box.clientWidth === width) return;
    width = box.clientWidth;
    plot?.setSize({ width, height: 300 });
  }).observe(byId('latency'));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  load();
  return { load };
}

function choose(select: HTMLSelectElement, label: string): void {
  for (const option of select.options) option.selected = option.label === label;
}

function linesOf({ sites, fleet }: LatencyData, chosen: string): Line[] {
  const [blue, orange] = [color('--primary-line'), color('--failover-line')];
  const site = sites.find((one) => one.site === chosen);
  if (site !== undefined)
    return [
      { label: 'Primary', values: site.primary, color: blue },
      { label: 'Failover', values: site.failover, color: orange, dash: [6, 4], border: 'dashed' },
    ];
  return [
    { label: 'Primary, median', values: fleet.primary.median, color: blue },
    { label: 'Primary, 95th', values: fleet.primary.p95, color: blue, dash: [2, 3], border: 'dotted' },
    {
      label: 'Failover, median',
      values: fleet.failover.median,
      color: orange,
      dash: [8, 4],
      border: 'dashed',
    },
    {
      label: 'Failover, 95th',
      values: fleet.failover.p95,
      color: orange,
      dash: [2, 3, 8, 3],
      border: 'double',
    },
  ];
}

function options(box: HTMLElement, lines: readonly Line[]): uPlot.Options {
  const axis = {
    stroke: color('--text'),
    grid: { stroke: color('--line') },
    ticks: { stroke: color('--line') },
  };
  return {
    width: Math.max(280, box.clientWidth),
    height: 300,
    // Times in UTC, as everywhere on the page.
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    padding: [12, 44, 0, 0],
    legend: {
      // As the lines are drawn, so that not only their colours tell them apart.
      markers: {
        width: 3,
        fill: () => 'transparent',
        dash: (_, index) => lines[index - 1]?.border ?? 'solid',
      },
    },
    cursor: { drag: { x: true, y: false } },
    axes: [
      {
        ...axis,
        space: 90,
        size: 52,
        values: (_, times) => times.map((time) => iso(time).replace(' ', '\n')),
      },
      { ...axis, size: 68, values: (_, values) => values.map((value) => `${value} ms`) },
    ],
    scales: { y: { range: (_, __, most) => [0, Math.max(10, (most ?? 0) * 1.1)] } },
    series: [
      { label: 'Time', value: (_, time) => (time === null ? '' : iso(time)) },
      ...lines.map(({ label, color: stroke, dash }) => ({
        label,
        stroke,
        width: 2,
        spanGaps: false,
        gaps: longGaps,
        value: (_: uPlot, value: number | null) => (value === null ? '\u2013' : `${value} ms`),
        ...(dash !== undefined && { dash }),
      })),
    ],
  };
}

/** Probes may be rarer than the spans of the chart: only a gap much longer than their usual distance breaks the line. */
function longGaps(
  plot: uPlot,
  series: number,
  from: number,
  to: number,
  gaps: [number, number][],
): typeof gaps {
  const known = (plot.data[series] ?? []).slice(from, to + 1).filter((value) => value !== null).length;
  const usual = plot.bbox.width / Math.max(1, known);
  return gaps.filter(([start, end]) => end - start > 4 * usual);
}

function describe({ times }: LatencyData, chosen: string, lines: readonly Line[]): string {
  const of = ({ label, values }: Line): string => {
    const known = values.filter((value) => value !== null);
    const last = known.at(-1);
    return last === undefined ? `${label}: none` : `${label}: last ${last} ms, most ${Math.max(...known)} ms`;
  };
  const where = chosen === '' ? 'all sites' : chosen;
  return `Latency of ${where} since ${iso(times[0] ?? 0)}. ${lines.map(of).join('; ')}. The table below has the values.`;
}

/** Filled when it is opened: it may be long. */
function fillTable(times: readonly number[], lines: readonly Line[]): void {
  const details = byId<HTMLDetailsElement>('latency-values');
  const place = details.querySelector('.scroll');
  if (!details.open || place === null) return;
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const label of ['Time', ...lines.map((line) => line.label)]) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = label;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const [index, time] of [...times.entries()].reverse()) {
    const values = lines.map(({ values: all }) => all[index] ?? null);
    if (values.every((value) => value === null)) continue;
    const row = body.insertRow();
    row.insertCell().textContent = iso(time);
    for (const value of values) row.insertCell().textContent = value === null ? '\u2013' : `${value} ms`;
  }
  place.replaceChildren(table);
}

function iso(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}

function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
