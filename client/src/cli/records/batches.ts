// Records in as few calls as the server's limits allow: one call is all or none.

/** Of the server: records in a call, and bytes of a request, with some left for what is around them. */
const limits = { records: 50_000, bytes: 31 * 1024 * 1024 };

export function batchesOf<T>(items: readonly T[], most: { records: number; bytes: number } = limits): T[][] {
  const batches: T[][] = [];
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (batch.length > 0 && (batch.length === most.records || bytes + size > most.bytes)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
