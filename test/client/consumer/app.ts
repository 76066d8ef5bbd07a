// What an app that installed @goldtune/client writes. Compiled strictly, libraries checked too; what must not compile is marked.
import {
  type AppRouter,
  type Cancellation,
  createClient,
  type ErrorCode,
  each,
  type Finetuning,
  GoldtuneConnectionError,
  GoldtuneTimeout,
  isGoldtuneError,
  type RouterInputs,
  type RouterOutputs,
} from '@goldtune/client';
import type { TRPCClient } from '@trpc/client';

type IsAny<T> = 0 extends 1 & T ? true : false;
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const check = <_T extends true>() => {};

// Nothing is `any`, down to the leaves.
type AnyWithin<T, Depth extends 0[] = []> = Depth['length'] extends 6
  ? false
  : IsAny<T> extends true
    ? true
    : T extends readonly (infer E)[]
      ? AnyWithin<E, [...Depth, 0]>
      : T extends object
        ? true extends { [K in keyof T]: AnyWithin<T[K], [...Depth, 0]> }[keyof T]
          ? true
          : false
        : false;
check<Equal<AnyWithin<RouterInputs>, false>>();
check<Equal<AnyWithin<RouterOutputs>, false>>();
check<Equal<IsAny<AppRouter>, false>>();

check<Equal<Finetuning['status'], 'validating_files' | 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'>>();
type Cancelled = RouterOutputs['finetunings']['cancel'];
check<Equal<Cancelled extends Finetuning ? true : false, true>>();
check<Equal<Cancelled['warnings'], string[] | undefined>>();
check<Equal<Finetuning['cancellation'], Cancellation | null>>();
check<Equal<RouterInputs['finetunings']['cancel']['reason'], string | null | undefined>>();

export async function use(url: string): Promise<void> {
  const goldtune = createClient({ url, headers: () => ({ 'x-request-id': '1' }) });
  await goldtune.finetunings.list.query();
  const { id } = await goldtune.finetunings.create.mutate({ db_connection_id: 'a'.repeat(24) });
  const receipt: Cancellation = await goldtune.cancelAndWait(id, {
    timeout: 1000,
    signal: new AbortController().signal,
  });
  receipt.evidence satisfies string | null;
  for await (const event of goldtune.watch(id)) event.progress?.percent satisfies number | null | undefined;
  for await (const run of each(goldtune.finetunings.list, { status: 'running' })) run.alias satisfies string | null;
  for await (const event of each(goldtune.finetunings.events, { id, after: 3 }, { pageSize: 10 })) {
    check<Equal<typeof event, RouterOutputs['finetunings']['events'][number]>>();
  }
  for await (const { sql } of each(goldtune.goldenRecords.list)) sql satisfies string;
  // What tRPC's adapters take.
  goldtune satisfies TRPCClient<AppRouter>;
  (await goldtune.waitFor(id, { timeout: 1000, outage: 1000 })).model_id satisfies string | null;
  await goldtune.finetunings.list.query(undefined, { timeout: 1000 });
  await goldtune.finetunings.cancel.mutate({ id, wait_ms: 500 }, { timeout: 1000, signal: AbortSignal.timeout(2000) });
  try {
    await goldtune.finetunings.cancel.mutate({ id });
  } catch (error) {
    if (isGoldtuneError(error)) {
      check<Equal<typeof error.data.reason, ErrorCode>>();
      if (error.data.reason === 'already_failed') error.data.finetuning.error satisfies string | null;
      else if (error.data.reason === 'not_found') error.data.finetuning satisfies null;
      error.data.httpStatus satisfies number;
    }
    if (error instanceof GoldtuneConnectionError) {
      error.address satisfies string;
      error.status satisfies number | null;
      error.cause satisfies Error | undefined;
    }
    if (error instanceof GoldtuneTimeout) {
      error.id satisfies string;
      check<Equal<typeof error.finetuning, Finetuning | null>>();
    }
  }

  // @ts-expect-error the id is missing
  await goldtune.finetunings.cancel.mutate({ reason: 'x' });
  // @ts-expect-error a number is no id
  await goldtune.finetunings.get.query({ id: 7 });
  // @ts-expect-error there is no such procedure
  await goldtune.finetunings.stop.mutate({ id });
  // @ts-expect-error a query is not a mutation
  await goldtune.finetunings.get.mutate({ id });
  // @ts-expect-error there is no such status
  await goldtune.finetunings.list.query({ status: 'stopped' });
  // @ts-expect-error there is no such status
  each(goldtune.finetunings.list, { status: 'stopped' });
  // @ts-expect-error a page is as long as an option says
  each(goldtune.finetunings.list, { limit: 10 });
  // @ts-expect-error the run is missing
  each(goldtune.finetunings.events);
  // @ts-expect-error one run is no list
  each(goldtune.finetunings.get, { id });
  // @ts-expect-error no database credentials are taken
  await goldtune.dbConnections.create.mutate({ alias: 'x', password: 'y' });
  // @ts-expect-error a time is a number of milliseconds
  await goldtune.finetunings.list.query({}, { timeout: '1s' });
  // @ts-expect-error a subscription lasts
  goldtune.finetunings.watch.subscribe({ id }, { timeout: 1000 });
  // @ts-expect-error the address is missing
  createClient({});
  // @ts-expect-error the receipt has no such field
  receipt.stopped;
}
