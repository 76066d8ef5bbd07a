// Requests to the provider go through the proxy of HTTPS_PROXY or HTTP_PROXY, as other programs of the machine send theirs.
import { setGlobalProxyFromEnv } from 'node:http';

export type OutboundProxy = {
  https: string | undefined;
  http: string | undefined;
  /** Hosts that are reached without it, as in NO_PROXY. */
  except: string | undefined;
};

/** Node's own way, for all that this process asks of others over HTTP, which is the provider alone. Disposing undoes it. */
export function installProxy({ https, http, except }: OutboundProxy): Disposable {
  const restore = setGlobalProxyFromEnv({ https_proxy: https, http_proxy: http, no_proxy: except });
  return { [Symbol.dispose]: restore };
}
