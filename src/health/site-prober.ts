import { HttpProber, type HttpProberOptions } from './http-prober.ts';
import type { Prober } from './probe-result.ts';
import { TcpProber } from './tcp-prober.ts';

/** Probes by what the check asks for. */
export function siteProber(options: HttpProberOptions = {}): Prober {
  const http = new HttpProber(options);
  const tcp = new TcpProber(options);
  return {
    probe: (check, address, signal) => (check.scheme === 'tcp' ? tcp : http).probe(check, address, signal),
  };
}
