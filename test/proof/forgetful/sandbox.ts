// The sandbox as an engine that forgets: it shows a held job as such, releases it where it is told to resume it, and
// obeys by name, as `scancel --name` does: what has become another job under the id is not touched.
import { z } from 'zod';
import { missing, SandboxError } from '../../../server/provider/sandbox/errors.ts';
import {
  type Intercept,
  type Sandbox,
  type SandboxOptions,
  serveSandbox,
} from '../../../server/provider/sandbox/server.ts';
import { viewJob } from '../../../server/provider/sandbox/wire.ts';
import { STAGE } from './job.ts';
import { ForgetfulLedger } from './ledger.ts';

const job = z.looseObject({ status: z.literal('queued'), metadata: z.looseObject({ [STAGE]: z.literal('held') }) });
const list = z.looseObject({ data: z.array(z.unknown()) });

export async function startForgetful({
  now,
  intercept = ({ execute }) => execute(),
  ...options
}: Omit<SandboxOptions, 'ledgerPath'>): Promise<Sandbox & { ledger: ForgetfulLedger }> {
  const ledger = new ForgetfulLedger(now);
  const { url, [Symbol.asyncDispose]: stop } = await serveSandbox(ledger, {
    ...options,
    intercept: (call) => intercept({ ...call, execute: () => executed(ledger, call) }),
  });
  return {
    url,
    ledger,
    async [Symbol.asyncDispose]() {
      await stop();
      ledger.close();
    },
  };
}

async function executed(ledger: ForgetfulLedger, { operation, request, execute }: Parameters<Intercept>[0]) {
  ledger.goOn();
  if (operation === 'jobs.cancel' || operation === 'jobs.resume') {
    const { pathname, searchParams } = new URL(request.url);
    const id = decodeURIComponent(pathname.split('/').at(-2) ?? '');
    const named = searchParams.get('of');
    try {
      if (named !== null && ledger.job(id)?.training_file !== named) throw missing(`no job ${id} of ${named}`, 'id');
      if (operation === 'jobs.resume') return Response.json(dressed(viewJob(ledger.release(id), ledger.now())));
    } catch (error) {
      if (error instanceof SandboxError) return error.toResponse();
      throw error;
    }
  }
  const answer = await execute();
  return operation.startsWith('jobs.') && answer.ok ? Response.json(dressed(await answer.json())) : answer;
}

function dressed(body: unknown): unknown {
  const listed = list.safeParse(body).data;
  if (listed) return { ...listed, data: listed.data.map(dressed) };
  return job.safeParse(body).success ? { ...Object(body), status: 'held' } : body;
}
