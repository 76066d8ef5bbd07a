// Callers that leave before their request has arrived, or before its answer has left: no fault of ours.

/** As Node, its streams and the adapter of Hono call a connection that ended. */
const CODES = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR', 'HPE_INVALID_EOF_STATE'];
const MESSAGES = /^(Error: )?(aborted|Client connection prematurely closed\.)$/;

/** Whether a request failed since its caller has left. What failed for another reason meanwhile is told as ever. */
export const isHungUp = (error: unknown, { signal }: Request): boolean =>
  signal.aborted && isOfConnection(error, signal);

function isOfConnection(error: unknown, { reason }: AbortSignal): boolean {
  if (error === reason) return true;
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return error.name === 'AbortError' || CODES.includes(code) || MESSAGES.test(error.message);
}

/** By the code that others log for it. */
export const nobodyListens = (): Response => new Response(null, { status: 499 });
