#!/usr/bin/env node
// The terminal: runs the command line, and ends with one of the exit codes of exit-codes.ts.
import { CommanderError } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { explain, outcomeOf } from './failure.ts';
import { createProgram } from './program.ts';
import { complain, endAs, type GlobalOptions } from './session.ts';

const program = createProgram();

function fail(error: unknown): void {
  const { apiKey } = program.opts<GlobalOptions>();
  // commander has said itself what it has to say.
  if (!(error instanceof CommanderError)) complain(explain(error, apiKey));
  endAs(outcomeOf(error));
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(exitCodes[error.code === 'EPIPE' ? 'broken_pipe' : 'unexpected'].code);
  });
}
process.on('uncaughtException', (error) => {
  fail(error);
  process.exit();
});

await program.parseAsync().catch(fail);
