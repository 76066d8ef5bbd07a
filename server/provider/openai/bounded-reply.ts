// Stops reading a reply that is longer than a real one, before it fills the memory or holds the thread while it is parsed.

/**
 * Of what is unpacked. A hundred jobs with all the metadata that they may have are about one megabyte, and so is a list
 * of thousands where a provider does not page. It takes a quarter of a second to parse this much of what is made to be slow.
 */
export const LONGEST_REPLY = 4_000_000;

/** The same reply, of which reading fails where it goes on for longer. What it was about is not known then. */
export function boundedReply(reply: Response, provider: string): Response {
  if (reply.body === null) return reply;
  let read = 0;
  const counting = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      read += chunk.byteLength;
      if (read <= LONGEST_REPLY) controller.enqueue(chunk);
      // It also cuts the connection.
      else controller.error(new Error(tooLong(provider)));
    },
  });
  return new Response(reply.body.pipeThrough(counting), reply);
}

const tooLong = (provider: string) =>
  `the reply is longer than ${LONGEST_REPLY / 1_000_000} MB and was read no further; see that the address of provider ${provider} is one, and that its lists come in pages`;
