// A connection of `pg` to the embedded database: what would be a socket is a port to its thread.
import { Duplex } from 'node:stream';

/** To the thread, and from it through `push`. */
export type Line = {
  /** Resolves when the thread is there. */
  begin(): Promise<void>;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  end(): void;
};

/** The byte that says farewell, which the database would take for the end of its only session. */
const TERMINATE = 'X'.charCodeAt(0);

export class SessionStream extends Duplex {
  readonly #line: Line;

  constructor(line: Line) {
    super({ decodeStrings: true });
    this.#line = line;
  }

  connect(): this {
    this.#line.begin().then(
      () => this.emit('connect'),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    );
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#send([chunk]);
    done();
  }

  /** What `pg` corks together is one message to the thread. */
  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#send(chunks.map(({ chunk }) => chunk));
    done();
  }

  #send(chunks: readonly Buffer[]): void {
    const bytes = Uint8Array.from(Buffer.concat(chunks.filter((chunk) => chunk[0] !== TERMINATE)));
    if (bytes.length > 0) this.#line.send(bytes);
  }

  override _final(done: () => void): void {
    done();
    this.destroy();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#line.end();
    done(error);
  }

  // What a socket has besides, and `pg` asks for.
  setNoDelay = () => this;
  setKeepAlive = () => this;
  ref = () => this;
  unref = () => this;
}
