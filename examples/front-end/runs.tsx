// A front end of the same monorepo: the runs, each with a button that stops it. Its types come from @goldtune/client alone.
import { type AppRouter, createClient, isGoldtuneError, type RouterOutputs } from '@goldtune/client';
import { QueryClient, QueryClientProvider, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createTRPCContext } from '@trpc/tanstack-react-query';
import { type ReactElement, useState } from 'react';

type Run = RouterOutputs['finetunings']['list'][number];

const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>();

/** @example createRoot(element).render(<App url="http://127.0.0.1:8080" />) */
export function App({ url }: { url: string }): ReactElement {
  const [queryClient] = useState(() => new QueryClient());
  // goldtune's client is a tRPC client, with safe retries of its own.
  const [client] = useState(() => createClient({ url }));
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={client} queryClient={queryClient}>
        <Runs />
      </TRPCProvider>
    </QueryClientProvider>
  );
}

function Runs(): ReactElement {
  const trpc = useTRPC();
  const runs = useQuery(trpc.finetunings.list.queryOptions({ limit: 50 }, { refetchInterval: 2000 }));
  if (runs.isPending) return <p>Loading…</p>;
  if (runs.isError) return <p role="alert">{runs.error.message}</p>;
  if (runs.data.length === 0) return <p>No runs yet.</p>;
  return (
    <table>
      <thead>
        <tr>
          <th>Run</th>
          <th>Model</th>
          <th>Status</th>
          <th>Progress</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {runs.data.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </tbody>
    </table>
  );
}

function RunRow({ run }: { run: Run }): ReactElement {
  return (
    <tr>
      <td>{run.alias ?? run.id}</td>
      <td>{run.base_llm.model_name}</td>
      <td>{run.status}</td>
      <td>{run.progress?.percent == null ? '–' : `${run.progress.percent} %`}</td>
      <td>
        <StopButton run={run} />
      </td>
    </tr>
  );
}

/** Says "stopped" only once it is proven: until then the answer's receipt is `requested`. */
function StopButton({ run }: { run: Run }): ReactElement | null {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const cancel = useMutation(
    trpc.finetunings.cancel.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.finetunings.list.queryKey() }),
    }),
  );
  if (run.cancellation?.state === 'requested') return <span>stopping…</span>;
  if (run.cancellation?.state === 'confirmed') return <span>stopped: {run.cancellation.evidence}</span>;
  if (run.status === 'succeeded' || run.status === 'failed') return null;
  return (
    <>
      <button type="button" disabled={cancel.isPending} onClick={() => cancel.mutate({ id: run.id })}>
        Cancel
      </button>
      {cancel.isError && <span role="alert">{isGoldtuneError(cancel.error) ? cancel.error.message : 'try again'}</span>}
    </>
  );
}
