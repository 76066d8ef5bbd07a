// What the types of a front end must know and must refuse, beyond what examples/front-end/runs.tsx uses.
import { type AppRouter, createClient, type Finetuning } from '@goldtune/client';
import { QueryClient } from '@tanstack/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';

const queryClient = new QueryClient();
const trpc = createTRPCOptionsProxy<AppRouter>({ client: createClient({ url: '' }), queryClient });

export const found: Promise<Finetuning> = queryClient.fetchQuery(trpc.finetunings.get.queryOptions({ id: '' }));
export const inTime = trpc.finetunings.list.queryOptions({}, { trpc: { context: { timeout: 5000 } } });
export const stop = trpc.finetunings.cancel.mutationOptions({
  onSuccess: (run) => run.cancellation?.evidence satisfies string | null | undefined,
});

// @ts-expect-error the id is missing
trpc.finetunings.get.queryOptions({});
// @ts-expect-error there is no such procedure
trpc.finetunings.stop.mutationOptions();
// @ts-expect-error what is mutated cannot be queried
trpc.finetunings.cancel.queryOptions({ id: '' });
