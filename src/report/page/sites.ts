type Direction = 'ascending' | 'descending';

/** Times are sorted from the newest at first, all else from the smallest. */
const newestFirst = 5;

/** Search, filter and sorting of the table of sites. They outlive rows that take the place of others. */
export function siteTable(): { arrange(): void } {
  const search = byId<HTMLInputElement>('search');
  const filter = byId<HTMLSelectElement>('filter');
  const headings = [...document.querySelectorAll<HTMLElement>('#site-table thead th')];
  let sorted: { column: number; direction: Direction } | undefined;

  const sort = (): void => {
    if (sorted === undefined) return;
    const { column, direction } = sorted;
    const rows = [...byId('site-rows').children] as HTMLTableRowElement[];
    const keyed = rows.map((row) => ({ row, key: row.cells[column]?.dataset.sort ?? '' }));
    const sign = direction === 'ascending' ? 1 : -1;
    keyed.sort((a, b) => sign * compare(a.key, b.key));
    byId('site-rows').replaceChildren(...keyed.map(({ row }) => row));
  };

  const show = (): void => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...byId('site-rows').children] as HTMLTableRowElement[];
    let shown = 0;
    for (const row of rows) {
      const text = (row.textContent ?? '').toLowerCase();
      row.hidden = !fits(row, filter.value) || !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    byId('shown').textContent = `${shown} of ${rows.length} sites`;
    byId('none-shown').hidden = shown > 0;
    byId('none-shown').textContent = rows.length === 0 ? 'There are no sites.' : 'No site fits the search.';
  };

  for (const [column, heading] of headings.entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = heading.textContent.trim();
    heading.replaceChildren(button);
    button.addEventListener('click', () => {
      const first: Direction = column >= newestFirst ? 'descending' : 'ascending';
      const direction =
        sorted?.column !== column ? first : sorted.direction === 'ascending' ? 'descending' : 'ascending';
      sorted = { column, direction };
      for (const other of headings) other.removeAttribute('aria-sort');
      heading.setAttribute('aria-sort', direction);
      sort();
    });
  }
  search.addEventListener('input', show);
  filter.addEventListener('change', show);
  // A browser may keep what was typed before the page was loaded again.
  show();
  return {
    arrange: () => {
      sort();
      show();
    },
  };
}

function fits(row: HTMLElement, wanted: string): boolean {
  if (wanted === '') return true;
  return wanted === 'attention' ? row.dataset.attention === 'yes' : row.dataset.target === wanted;
}

/** Numbers as numbers, `site2` before `site10`, the same in every language. */
const collator = new Intl.Collator('en', { numeric: true });

function compare(a: string, b: string): number {
  return /^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) - Number(b) : collator.compare(a, b);
}

export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no ${id}`);
  return element as E;
}
