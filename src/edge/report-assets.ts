import { join } from 'node:path';
import type { PageAssets } from '../report/page.ts';
import { readRequired } from './files.ts';

/**
 * The parts of the reports' page, which the build puts beside the bundle.
 * @throws FailoverError FileNotFound, FileUnreadable
 */
export async function readPageAssets(folder = import.meta.dirname): Promise<PageAssets> {
  const [script, style] = await Promise.all(
    ['report-page.js', 'report-page.css'].map(async (name) =>
      (await readRequired(join(folder, name))).toString('utf8'),
    ),
  );
  return { script: script!, style: style! };
}
