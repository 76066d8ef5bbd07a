// What a front end does through TanStack Query when it runs: lists the runs, and cancels each. Prints what became of them.
import { createClient } from '@goldtune/client';
import { MutationObserver, QueryClient } from '@tanstack/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';

const queryClient = new QueryClient();
const trpc = createTRPCOptionsProxy({ client: createClient({ url: process.argv[2] }), queryClient });
const list = () => queryClient.fetchQuery({ ...trpc.finetunings.list.queryOptions({}), staleTime: 0 });
for (const { id } of await list()) {
  await new MutationObserver(queryClient, trpc.finetunings.cancel.mutationOptions()).mutate({ id });
}
console.log(JSON.stringify((await list()).map(({ id, status }) => ({ id, status }))));
