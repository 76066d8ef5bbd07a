// One embedded database a test run that is up to date.
import type { TestProject } from 'vitest/node';
import { embeddedTemplate } from './template.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    embeddedTemplate: string;
  }
}

export default async function setup(project: TestProject): Promise<() => PromiseLike<void>> {
  const template = await embeddedTemplate();
  project.provide('embeddedTemplate', template.path);
  return () => template[Symbol.asyncDispose]();
}
