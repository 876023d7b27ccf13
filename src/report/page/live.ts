import { byId } from './sites.ts';

/** What is taken from the server anew; the search, the filter and the headings of the table stay. */
const parts = ['summary', 'site-rows', 'readiness-body', 'history-body', 'latency-body', 'latency-data'];

/** Follows the server's events: whenever something has changed, takes its parts over and calls `changed`. */
export function follow(changed: () => void): void {
  const say = (words: string): void => {
    const place = byId('connection');
    if (place.textContent !== words) place.textContent = words;
  };
  let shown = '';
  let newest = '';
  let loading = false;
  /** Whatever is told while a page is under way is loaded after it. */
  const catchUp = async (): Promise<void> => {
    if (loading) return;
    loading = true;
    try {
      while (shown !== newest) {
        const wanted = newest;
        await load();
        shown = wanted;
        changed();
      }
    } catch {
      say('The monitor could not be read; what is shown may be old');
    } finally {
      loading = false;
    }
  };
  const events = new EventSource('events');
  events.addEventListener('open', () => say('Live'));
  events.addEventListener('error', () => say('No connection to the monitor; what is shown may be old'));
  events.addEventListener('version', (event) => {
    newest = event.data as string;
    void catchUp();
  });
}

async function load(): Promise<void> {
  const answer = await fetch('main', { cache: 'no-store' });
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const id of parts) replace(id, fresh.getElementById(id));
}

/** Keeps what the reader has opened, and where the focus is. */
function replace(id: string, fresh: HTMLElement | null): void {
  const old = byId(id);
  if (fresh === null || old.innerHTML === fresh.innerHTML) return;
  const focused = old.contains(document.activeElement) ? document.activeElement?.id : undefined;
  for (const details of fresh.querySelectorAll<HTMLDetailsElement>('details')) {
    const before = old.querySelector<HTMLDetailsElement>(
      details.id === '' ? `details[data-key="${CSS.escape(details.dataset.key ?? '')}"]` : `#${details.id}`,
    );
    if (before !== null) details.open = before.open;
  }
  for (const tools of fresh.querySelectorAll<HTMLElement>('.tools')) tools.hidden = false;
  old.replaceChildren(...fresh.childNodes);
  if (focused !== undefined && focused !== '') document.getElementById(focused)?.focus();
}
