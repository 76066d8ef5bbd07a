// Fails where an advisory about what ships is not among the accepted ones. `npm run advisories` runs it.
import { accepted } from './accepted-advisories.ts';
import { adviseOnShipped } from './advisories.ts';

const verdict = await adviseOnShipped(accepted, new Date().toISOString().slice(0, 10));
if (verdict.kind === 'not_asked') console.log(`SKIPPED: the registry does not answer an audit (${verdict.why})`);
else if (verdict.problems.length === 0) console.log(`no advisory but ${accepted.length} that are accepted`);
else {
  console.error(
    `${verdict.problems.join('\n')}\nUpdate the package, or write down in test/supply-chain/accepted-advisories.ts why it does no harm.`,
  );
  process.exitCode = 1;
}
