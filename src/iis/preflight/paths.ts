import { parsePath } from '../../model/path-map.ts';
import { expandKnown } from '../../model/path-variables.ts';
import { pathAttributes } from '../desired.ts';
import { attributePath } from '../element-path.ts';
import type { Part } from './site.ts';
import type { TargetServer } from './target-server.ts';

/** Paths of content and logs that lie on a drive this server lacks, or hold a variable it does not know. */
export function findUnreachablePaths({ document, label, report }: Part, target: TargetServer): void {
  for (const element of document.walk(document.root))
    for (const { name, value } of document.attributes(element)) {
      if (!pathAttributes.includes(name) || value === '') continue;
      const place = attributePath(document, document.root, element, name, label);
      const path = expandKnown(value, target.variables);
      const variable = /^%[^%\\/]+%|(?<=[\\/])%[^%\\/]+%/.exec(path)?.[0];
      const drive = /^[A-Za-z]:$/.exec(parsePath(path).segments[0] ?? '')?.[0];
      if (variable !== undefined) report('VariableUnknown', place, { variable, path: value });
      else if (drive !== undefined && target.driveExists?.(drive.toUpperCase()) === false)
        report('DriveMissing', place, { drive: drive.toUpperCase(), path: value });
    }
}
