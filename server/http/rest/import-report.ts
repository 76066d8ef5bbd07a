// How an uploaded file was understood, as a header: the body stays the array of records that clients know.
import { z } from 'zod';
import type { FileReport } from '../../finetuning/golden-records/file/report.ts';

export const importReportHeader = z.object({
  'Import-Report': z.string().optional().meta({
    description:
      'Of an uploaded file: how it was understood, as JSON. `taken`: the columns that each field was read from; `unused`: those that nothing was read from; `skipped`: rows that are no golden records, and why.',
    example:
      '{"kind":"csv","delimiter":";","encoding":"utf-8","taken":{"prompt_text":["Question"],"sql":["SQL Query"],"metadata":[]},"unused":["id"],"skipped":[]}',
  }),
});

/** What every proxy lets pass. */
const MOST_CHARACTERS = 4000;

/** As ASCII; of very many columns only the first are named. */
export function importReport(report: FileReport): Record<string, string> {
  const text = JSON.stringify(report);
  const short =
    text.length <= MOST_CHARACTERS ? text : JSON.stringify({ ...report, unused: report.unused.slice(0, 20) });
  return { 'Import-Report': short.replaceAll(/[^ -~]/g, escaped) };
}

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
