// Generated from the server by `npm run generate`; not edited by hand.
// What a file is by its first bytes, where it is nothing that can be read as text.

const signatures: readonly (readonly [bytes: string, what: string, advice: string])[] = [
  ['\x1f\x8b', 'a gzip archive', 'unpack it'],
  ['PK\x03\x04', 'an Excel workbook (.xlsx) or another ZIP archive', 'save the sheet as CSV UTF-8, or unpack it'],
  ['\xd0\xcf\x11\xe0', 'an Excel workbook (.xls)', 'save the sheet as CSV UTF-8'],
  ['PAR1', 'a Parquet file', 'write it as JSONL or CSV'],
  ['ARROW1', 'an Arrow file', 'write it as JSONL or CSV'],
  ['Obj\x01', 'an Avro file', 'write it as JSONL or CSV'],
  ['ORC', 'an ORC file', 'write it as JSONL or CSV'],
  ['SQLite format 3\0', 'an SQLite database', 'export the table as CSV'],
  ['PGDMP', 'a Postgres dump', 'export the table as CSV'],
  ['\x28\xb5\x2f\xfd', 'a zstd archive', 'unpack it'],
  ['BZh', 'a bzip2 archive', 'unpack it'],
  ['\xfd7zXZ\0', 'an xz archive', 'unpack it'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive', 'unpack it'],
  ['%PDF-', 'a PDF', 'save what it shows as CSV'],
];

/** @returns what the file is and what to do; null: it may be text. */
export function foreignKind(head: Uint8Array): string | null {
  const begins = String.fromCharCode(...head.subarray(0, 16));
  const found = signatures.find(([bytes]) => begins.startsWith(bytes));
  return found ? `the file is ${found[1]}, not text; ${found[2]}, and import that` : null;
}
