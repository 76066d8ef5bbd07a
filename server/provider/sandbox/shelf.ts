// What the sandbox asks of a place that several processes share, to keep its ledger there.
import type { Span } from './served-ledger.ts';

type Kind = 'file' | 'job';
type Document = Record<string, unknown>;

export type Documents = {
  find(kind: Kind, id: string): Promise<Document | null>;
  /** Those that follow the entry of that id, or all from the newest on. Null where there is none of that id. */
  list(kind: Kind, span: Span): Promise<Document[] | null>;
  /** Jobs whose training file it is. */
  jobsOn(fileId: string): Promise<Document[]>;
  /** Of a file. */
  content(id: string): Promise<Uint8Array | null>;
  add(kind: Kind, id: string, document: Document, content?: Uint8Array): Promise<void>;
  replace(kind: Kind, id: string, document: Document): Promise<void>;
  /** False where there was none. */
  remove(kind: Kind, id: string): Promise<boolean>;
};

export type Shelf = Documents & {
  /** The id of the ledger. Whoever comes first gives it, and what it begins with. */
  begin(id: string, fill: (inside: Documents) => Promise<void>): Promise<string>;
  /** Alone among all who change it: what is read inside stays as it is until the work is done, all of it or nothing. */
  exclusively<T>(work: (inside: Documents) => Promise<T>): Promise<T>;
};
