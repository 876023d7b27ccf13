import { isIPv6 } from 'node:net';
import { parseBindingInformation } from './read.ts';

/**
 * A binding with its address mapped, or undefined where the map says nothing about it. `*` (which an empty address
 * means as well) is mapped only by a `*` of the map. IPv6 addresses have brackets in bindings, and may have them in
 * the map.
 */
export function mapBindingAddress(
  bindingInformation: string,
  map: ReadonlyMap<string, string>,
): string | undefined {
  const endpoint = parseBindingInformation(bindingInformation);
  if (endpoint === undefined) return undefined;
  const from = addressKey(endpoint.address);
  for (const [address, target] of map) {
    if (addressKey(address) !== from) continue;
    const bare = target.replace(/^\[|\]$/g, '');
    return `${isIPv6(bare) ? `[${bare}]` : bare}:${endpoint.port}:${endpoint.hostName}`;
  }
  return undefined;
}

/** One form for each address: `[2001:DB8::0:1]`, `2001:db8::1` and `2001:db8:0:0:0:0:0:1` are the same. */
function addressKey(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '').toLowerCase();
  return isIPv6(bare) ? new URL(`http://[${bare.replace(/%.*$/, '')}]`).hostname : bare;
}
