import { ConfigElement } from './element.ts';

const flagNames = /^(EXACT_DESTINATION|CHILD_ONLY|PERMANENT|TEMPORARY)$/i;

/**
 * HttpRedirect: `destination, flags`, or `*; wildcard; destination; …, flags`. The destination's own variables ($S, $P,
 * $Q, $V) are those of IIS 7.
 * https://learn.microsoft.com/previous-versions/iis/6.0-sdk/ms525695(v=vs.90)
 */
export function addRedirect(value: string | undefined, location: ConfigElement): void {
  if (!value?.trim()) return;
  const parts = value.split(',').map((part) => part.trim());
  const flags = new Set<string>();
  while (parts.length > 1 && (parts.at(-1) === '' || flagNames.test(parts.at(-1) ?? '')))
    flags.add((parts.pop() ?? '').toUpperCase());
  const destination = parts.join(',');
  const redirect = location.at('system.webServer/httpRedirect').set('enabled', 'true');
  const pairs = destination.startsWith('*;') ? destination.slice(2).split(';') : [];
  if (pairs.length === 0) redirect.set('destination', destination);
  redirect
    .set('exactDestination', String(flags.has('EXACT_DESTINATION') || pairs.length > 0))
    .set('childOnly', String(flags.has('CHILD_ONLY')))
    .set('httpResponseStatus', flags.has('PERMANENT') ? 'Permanent' : 'Found');
  for (let index = 0; index + 1 < pairs.length; index += 2)
    redirect.add(
      new ConfigElement('add', {
        wildcard: (pairs[index] ?? '').trim(),
        destination: (pairs[index + 1] ?? '').trim(),
      }),
    );
}
