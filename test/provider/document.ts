// Writes docs/providers.md. `npm run providers` runs it.
import { writeFile } from 'node:fs/promises';
import { declared } from '../../server/provider/guarantees.ts';
import { truthTable } from './truth-table.ts';

await writeFile(new URL('../../docs/providers.md', import.meta.url), truthTable(declared));
