// Puts the figures of the suites together when a project's tests are over.
export { writeReport as teardown } from './figures.ts';
