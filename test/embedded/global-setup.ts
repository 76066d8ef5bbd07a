// One embedded database a test run that is up to date: copying it is much faster than making it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { prepareDatabase } from '../prepare.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    embeddedTemplate: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'goldtune-template-'));
  await prepareDatabase({ directory });
  project.provide('embeddedTemplate', directory);
  return () => rm(directory, { recursive: true, force: true });
}
