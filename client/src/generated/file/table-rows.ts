// Generated from the server by `npm run generate`; not edited by hand.
// The rows of a table with a header, each with its columns by name.
import { type Delimiter, delimited } from './delimited.ts';
import { type Names, plain } from './names.ts';
import { unreadable } from './problem.ts';
import { listed } from './record.ts';
import type { Row } from './row.ts';
import { namesBoth, namesDelimiter } from './shape.ts';

/** @throws UnreadableFile where the header does not name both columns, or one twice. */
export async function* tableRows(text: AsyncIterable<string>, delimiter: Delimiter, names: Names): AsyncGenerator<Row> {
  let header: { name: string; key: string }[] | undefined;
  for await (const { line, values, fault } of delimited(text, delimiter)) {
    if (!header) {
      if (namesDelimiter(values)) continue;
      if (fault !== null) throw unreadable(fault, line);
      checkHeader(values, line, names);
      header = values.map((name) => ({ name: name.trim(), key: plain(name) }));
    } else if (fault !== null) {
      yield { line, fault };
    } else {
      yield rowOf(line, header, values);
    }
  }
}

function rowOf(line: number, header: readonly { name: string; key: string }[], values: readonly string[]): Row {
  const beyond = values.slice(header.length).some((value) => value.trim() !== '');
  if (values.length < header.length || beyond) {
    const advice = 'enclose a field that holds delimiters or line breaks in double quotes';
    return { line, fault: `it has ${values.length} fields where the header names ${header.length}; ${advice}` };
  }
  return { line, cells: header.map(({ name, key }, at) => ({ name, key, value: values[at] })) };
}

function checkHeader(header: readonly string[], line: number, names: Names): void {
  const known = header.map(plain);
  const twice = header.find((name, at) => plain(name) !== '' && known.indexOf(plain(name)) !== at);
  if (twice !== undefined) {
    throw unreadable(`the first line names the column ${twice.trim().slice(0, 60)} twice; leave one of them out`, line);
  }
  if (namesBoth(header, names)) return;
  throw unreadable(
    `the first line must name the columns ${names.called.prompt_text} and ${names.called.sql}; it names ${listed(header)}: rename them there, or say which they are (prompt_column, sql_column)`,
    line,
  );
}
