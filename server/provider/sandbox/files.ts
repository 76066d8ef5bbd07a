// The files API.
import type { FileDeleted } from 'openai/resources/files';
import { missing, refuse } from './errors.ts';

import { pageQuery, readPage } from './paging.ts';
import type { ServedLedger } from './served-ledger.ts';
import { countExamples } from './training-file.ts';
import { viewFile } from './wire.ts';

export async function createFile(ledger: ServedLedger, request: Request): Promise<Response> {
  const form = await request.formData().catch(() => {
    throw refuse('Could not parse multipart form');
  });
  const purpose = form.get('purpose');
  const file = form.get('file');
  if (!(file instanceof File))
    throw refuse("Missing required parameter: 'file'.", 'file', 'missing_required_parameter');
  if (purpose !== 'fine-tune') {
    throw refuse("The sandbox takes files with the purpose 'fine-tune' only.", 'purpose', 'invalid_value');
  }
  const content = new Uint8Array(await file.arrayBuffer());
  const stored = {
    id: ledger.newId('file'),
    filename: file.name,
    bytes: content.length,
    purpose,
    created_at: ledger.now(),
    examples: await countExamples(content),
  };
  await ledger.addFile(stored, content);
  return Response.json(viewFile(stored));
}

export async function listFiles(ledger: ServedLedger, url: URL): Promise<Response> {
  const purpose = url.searchParams.get('purpose');
  const ascending = url.searchParams.get('order') === 'asc';
  const page = await readPage(
    (span) => ledger.listFiles(span),
    (file) => purpose === null || file.purpose === purpose,
    { ...pageQuery(url, 10_000, 10_000), ascending },
  );
  return Response.json({ ...page, data: page.data.map(viewFile) });
}

export async function retrieveFile(ledger: ServedLedger, id: string): Promise<Response> {
  const file = await ledger.file(id);
  if (!file) throw noSuchFile(id);
  return Response.json(viewFile(file));
}

export async function fileContent(ledger: ServedLedger, id: string): Promise<Response> {
  const content = await ledger.content(id);
  if (!content) throw noSuchFile(id);
  return new Response(new Uint8Array(content), { headers: { 'content-type': 'application/octet-stream' } });
}

export async function deleteFile(ledger: ServedLedger, id: string): Promise<Response> {
  if (!(await ledger.deleteFile(id))) throw noSuchFile(id);
  const deleted: FileDeleted = { id, object: 'file', deleted: true };
  return Response.json(deleted);
}

const noSuchFile = (id: string) => missing(`No such File object: ${id}`, 'id');
