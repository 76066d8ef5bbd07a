// Requests to the providers go through the proxy of HTTPS_PROXY or HTTP_PROXY, as other programs of the machine send theirs.
import { setGlobalProxyFromEnv } from 'node:http';
import { isLocal } from './http/loopback.ts';

export type OutboundProxy = {
  https: string | undefined;
  http: string | undefined;
  /** Hosts that are reached without it, as in NO_PROXY. */
  except: string | undefined;
};

/** Node's own way, for all that this process asks of others over HTTP, which are the providers alone. Disposing undoes it. */
export function installProxy({ https, http, except }: OutboundProxy): Disposable {
  const restore = setGlobalProxyFromEnv({ https_proxy: https, http_proxy: http, no_proxy: except });
  return { [Symbol.dispose]: restore };
}

/** As Node compares them with the host of an address. */
const THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]'];

/** What is on this machine, as the sandbox is, is reached without a proxy whatever NO_PROXY says. */
export function exceptLocal(except: string | undefined, addresses: readonly (string | null)[]): string {
  const local = addresses.flatMap((address) => (address !== null && isLocal(address) ? new URL(address).hostname : []));
  return [...(except ? [except] : []), ...THIS_MACHINE, ...local].join(',');
}
