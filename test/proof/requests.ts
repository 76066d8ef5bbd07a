// The mutations among the requests that have reached a provider, as the oracle wants to know of them.
import type { Operation } from '../../server/provider/sandbox/server.ts';
import type { PicturedRequest } from '../oracle.ts';
import type { Arrived } from '../provider/faults.ts';

const kinds: Partial<Record<Operation, PicturedRequest['kind']>> = {
  'files.create': 'upload',
  'files.delete': 'delete_file',
  'jobs.create': 'create',
  'jobs.resume': 'release',
  'jobs.cancel': 'cancel',
};

export const requestsOf = (arrived: readonly Arrived[]): PicturedRequest[] =>
  arrived.flatMap(({ operation, about }) => {
    const kind = kinds[operation];
    return kind && about !== undefined ? [{ kind, about }] : [];
  });
