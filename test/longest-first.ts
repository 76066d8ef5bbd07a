// In which order the files of tests are begun: those that take longest first, so that in the end no processor waits for one.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By what is in their paths. Real daemons are mostly waited for, so others get on meanwhile. */
const LONGEST = [
  'test/slurm/',
  'test/proof/search/',
  'test/proof/property/',
  'test/neighbour/',
  ...['mutants', 'matrix', 'crash', 'database', 'rows', 'soak'].map((suite) => `test/proof/${suite}/`),
  'test/proof/',
  'test/embedded/',
];

const rankOf = ({ moduleId }: TestSpecification) => {
  const rank = LONGEST.findIndex((part) => moduleId.includes(part));
  return rank === -1 ? LONGEST.length : rank;
};

/** The others by project, and by how long they took before; where that is not known, by size. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => rankOf(one) - rankOf(other));
  }
}
