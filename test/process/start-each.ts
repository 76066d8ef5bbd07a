// A process that starts the server with one environment after the other, which all refuse to, and says what main.ts would.
import { z } from 'zod';
import { run } from '../../server/run.ts';

export const END_OF_START = '=== end of a start\n';

if (import.meta.main) {
  const given = z.array(z.record(z.string(), z.string())).parse(JSON.parse(process.argv[2] ?? ''));
  for (const env of given) {
    await run(env, new AbortController().signal).catch((error: unknown) =>
      console.error(error instanceof Error ? error.message : error),
    );
    process.stderr.write(END_OF_START);
  }
  process.exit(0);
}
