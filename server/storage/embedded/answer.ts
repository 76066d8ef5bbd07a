// Reads of PostgreSQL's answers what its thread has to know: where the session stands, and that the database has ended.

const HEAD = 5;
const ERROR = 'E'.charCodeAt(0);
const READY = 'Z'.charCodeAt(0);
const STANDINGS = ['I', 'T', 'E'] as const;
/** The severity, which is not translated. Nothing can be asked after these: it would compute without end. */
const ENDS = /\0V(FATAL|PANIC)\0/;

export class AnswerReader {
  /** Null while an answer is not complete. */
  standing: (typeof STANDINGS)[number] | null = 'I';
  /** What it said as it ended. */
  lastWords: string | null = null;
  /** Of the message that has begun: its head and, of an error, all of it. */
  #begun = Buffer.alloc(0);
  /** What is left of a message that is not looked at. */
  #skip = 0;

  /** Messages come in parts of any size. */
  read(part: Uint8Array): void {
    this.standing = null;
    let rest = Buffer.from(part);
    while (rest.length > 0) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, rest.length);
        this.#skip -= skipped;
        rest = rest.subarray(skipped);
        continue;
      }
      const message = Buffer.concat([this.#begun, rest]);
      const end = message.length < HEAD ? Number.POSITIVE_INFINITY : 1 + message.readUInt32BE(1);
      const kind = message[0];
      if (message.length < end) {
        if (message.length < HEAD || kind === ERROR || kind === READY) this.#begun = message;
        else {
          this.#begun = Buffer.alloc(0);
          this.#skip = end - message.length;
        }
        return;
      }
      this.#begun = Buffer.alloc(0);
      this.#take(kind, message.subarray(HEAD, end));
      rest = message.subarray(end);
    }
  }

  #take(kind: number | undefined, content: Buffer): void {
    const text = () => content.toString('latin1');
    this.standing = kind === READY ? (STANDINGS.find((one) => one === text()) ?? null) : null;
    if (kind === ERROR && ENDS.test(text())) this.lastWords = /\0M([^\0]*)/.exec(text())?.[1] ?? '';
  }
}
