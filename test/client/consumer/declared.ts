// A package of one's own around the client, which writes declarations: whatever it exports must have a name in them.
import { createClient, each, GoldtuneConnectionError, isGoldtuneError } from '@goldtune/client';

export const goldtune = createClient({ url: 'http://127.0.0.1:8080' });
export const getRun = (id: string) => goldtune.finetunings.get.query({ id });
export const runs = () => goldtune.finetunings.list.query();
export const start = async (db_connection_id: string) => goldtune.finetunings.create.mutate({ db_connection_id });
export const cancel = (id: string) => goldtune.cancelAndWait(id, { timeout: 1000 });
export const procedures = goldtune.finetunings;
export const records = goldtune.goldenRecords.list;
export const connect = goldtune.dbConnections.create.mutate;
export const follow = (id: string) =>
  goldtune.finetunings.watch.subscribe(
    { id },
    { onData: ({ data }) => data.message, onError: (error) => error.message },
  );
export async function* events(id: string) {
  for await (const event of goldtune.watch(id)) yield event;
}
export const running = () => each(goldtune.finetunings.list, { status: 'running' });
export const timeline = (id: string) => each(goldtune.finetunings.events, { id });
export const failure = (error: unknown) => (error instanceof GoldtuneConnectionError ? error : null);
export const reason = (error: unknown) => (isGoldtuneError(error) ? error.data : null);
