// Writes the CycloneDX list of what ships, sbom.cdx.json. `npm run sbom` runs it.
import { writeFile } from 'node:fs/promises';
import { shipped } from './shipped.ts';

const PATH = 'sbom.cdx.json';
const bill = await shipped();
await writeFile(PATH, `${JSON.stringify(bill, null, 2)}\n`);
console.log(`${PATH}: ${bill.components.length} packages`);
