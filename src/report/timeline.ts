import type { ReportData, ReportEvent } from './data.ts';
import { type Html, markup } from './html.ts';
import { isoTime, timeHtml } from './times.ts';

const lanes = ['Problem', 'Switch', 'State', 'Work'] as const;
type Lane = (typeof lanes)[number];

const left = 78;
const right = 950;
const laneHeight = 26;
const ticks = 4;

/** Which lane an event of a log is in. */
export function laneOf({ event }: Pick<ReportEvent, 'event'>): Lane {
  switch (event) {
    case 'error':
    case 'fault':
    case 'clock':
      return 'Problem';
    case 'switch':
    case 'wouldswitch':
      return 'Switch';
    case 'round':
    case 'transition':
    case 'started':
    case 'recovered':
    case 'settings':
      return 'State';
    default:
      return 'Work';
  }
}

/** The history as a drawing for the overview and as a list for what happened, newest first. */
export function timelineHtml({ events, olderEvents, since, generated }: ReportData): Html {
  if (events.length === 0) return markup`<p>Nothing happened since ${timeHtml(since, generated)}.</p>`;
  const newest = [...events].reverse();
  return markup`<div class="scroll" role="region" aria-label="Timeline drawing" tabindex="0">
      ${drawing(events, generated)}
    </div>
    <ol class="events" id="event-list" tabindex="0" aria-label="Events, newest first">
      ${newest.map((one) => item(one, generated))}
    </ol>
    ${olderEvents === 0 ? undefined : markup`<p>${olderEvents} older events since ${isoTime(since)} are left out.</p>`}`;
}

function item(one: ReportEvent, now: Date): Html {
  const lane = laneOf(one);
  return markup`<li class="${lane.toLowerCase()}">
    ${timeHtml(one.time, now)} <b>${lane}</b>
    <span
      ><bdi>${one.message}</bdi> <small><bdi>${one.command}</bdi></small></span
    >
  </li>`;
}

function drawing(events: readonly ReportEvent[], until: Date): Html {
  const start = events[0]!.time.getTime();
  const duration = Math.max(1, until.getTime() - start);
  const x = (time: number): number => Math.round(left + ((time - start) / duration) * (right - left));
  const height = lanes.length * laneHeight;
  const times = Array.from({ length: ticks + 1 }, (_, index) => start + (duration * index) / ticks);
  const counts = lanes.map((lane) => `${lane} ${events.filter((one) => laneOf(one) === lane).length}`);
  return markup`<svg
    class="timeline"
    viewBox="0 0 960 ${height + 26}"
    role="img"
    aria-label="${`Events since ${isoTime(new Date(start))}: ${counts.join(', ')}. The list below has each.`}"
  >
    ${lanes.map(
      (lane, index) =>
        markup`<text x="0" y="${index * laneHeight + 17}">${lane}</text
          ><line
            x1="${left}"
            x2="${right}"
            y1="${index * laneHeight + 13}"
            y2="${index * laneHeight + 13}"
          ></line>`,
    )}
    ${times.map(
      (time, index) =>
        markup`<line class="tick" x1="${x(time)}" x2="${x(time)}" y1="0" y2="${height}"></line
          ><text
            x="${x(time)}"
            y="${height + 18}"
            text-anchor="${index === 0 ? 'start' : index === ticks ? 'end' : 'middle'}"
            >${isoTime(new Date(time)).slice(0, 16)}Z</text
          >`,
    )}
    ${marks(events, x)}
  </svg>`;
}

/** Events at the same place are one mark. */
function marks(events: readonly ReportEvent[], x: (time: number) => number): Html[] {
  const places = new Map<string, { lane: Lane; at: number; count: number }>();
  for (const one of events) {
    const [lane, at] = [laneOf(one), x(one.time.getTime())];
    const place = places.get(`${lane} ${at}`) ?? { lane, at, count: 0 };
    place.count += 1;
    places.set(`${lane} ${at}`, place);
  }
  return [...places.values()].map(({ lane, at, count }) => {
    const y = lanes.indexOf(lane) * laneHeight + 13;
    const size = Math.min(11, 5 + Math.log2(count));
    return lane === 'Problem'
      ? markup`<path
          class="problem"
          d="M${at - size} ${y + size}L${at} ${y - size}L${at + size} ${y + size}z"
        ></path>`
      : lane === 'Switch'
        ? markup`<path
            class="switch"
            d="M${at - size} ${y}L${at} ${y - size}L${at + size} ${y}L${at} ${y + size}z"
          ></path>`
        : markup`<circle class="${lane.toLowerCase()}" cx="${at}" cy="${y}" r="${size.toFixed(1)}"></circle>`;
  });
}
