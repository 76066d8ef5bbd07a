// Writes docs/licences.md. `npm run licences` runs it.
import { writeFile } from 'node:fs/promises';
import { licencePage } from './licences.ts';
import { shipped } from './shipped.ts';

await writeFile(new URL('../../docs/licences.md', import.meta.url), licencePage(await shipped()));
