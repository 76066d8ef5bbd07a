// Looks a name up without one of the threads of libuv, on which files wait too: a name server may take its time, or never answer.
import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { addressesIn, asFound, namesFor } from './name-files.ts';

/** All of its addresses. @throws Error in words for whoever reads the log of deliveries. */
export type LookUp = (host: string) => Promise<LookupAddress[]>;

/** The second time it is waited for twice as long. */
const PATIENCE = { timeout: 2000, tries: 2 };

/** @param servers left out: those of `/etc/resolv.conf`, as they are now */
export function lookUpBy(servers?: readonly string[], patience = PATIENCE): LookUp {
  return async (host) => {
    const [hosts, resolvConf] = await Promise.all(['/etc/hosts', '/etc/resolv.conf'].map(textOf));
    const known = addressesIn(hosts ?? '', host);
    if (known.length > 0) return known;
    let error: unknown;
    for (const name of namesFor(resolvConf ?? '', host)) {
      const resolver = new Resolver(patience);
      if (servers) resolver.setServers(servers);
      const asked = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
      const found = asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      if (found.length > 0) return asFound(found);
      error = asked.find((answer) => answer.status === 'rejected' && !saysNone(answer.reason));
      if (error) break;
    }
    throw new Error(error ? `No name server answered for ${host}` : `${host} has no address`);
  };
}

/** A network of its own need not have any of these. */
const textOf = (path: string) => readFile(path, 'utf8').catch(() => '');

const saysNone = (reason: unknown): boolean => ['ENOTFOUND', 'ENODATA'].includes(String(Object(reason).code));
