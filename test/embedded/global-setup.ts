// One embedded database for all tests that is up to date.
import type { TestProject } from 'vitest/node';
import { embeddedTemplate } from './template.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    embeddedTemplate: string;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide('embeddedTemplate', await embeddedTemplate());
}
