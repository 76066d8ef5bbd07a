// Requests over connections that are kept, at the least cost: what is measured shares the machine with who measures.
import { connect, type Socket } from 'node:net';

export type Answer = { status: number; text: string };

const END_OF_HEAD = '\r\n\r\n';
const END_OF_CHUNKS = '\r\n0\r\n\r\n';

/** One request at a time. */
export class Connection {
  readonly #socket: Socket;
  #received = '';
  #waiting: PromiseWithResolvers<Answer> | null = null;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#socket = connect(Number(port), hostname).setNoDelay();
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk: string) => this.#read(chunk));
    const fail = (error?: Error) => this.#waiting?.reject(error ?? new Error('the connection was closed'));
    this.#socket.on('error', fail).on('close', () => fail());
  }

  ask(request: string): Promise<Answer> {
    this.#waiting = Promise.withResolvers<Answer>();
    this.#socket.write(request);
    return this.#waiting.promise;
  }

  close(): void {
    this.#waiting = null;
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    this.#received += chunk;
    const head = this.#received.indexOf(END_OF_HEAD);
    if (head === -1) return;
    const length = /^content-length: (\d+)/im.exec(this.#received.slice(0, head))?.[1];
    const isWhole =
      length === undefined
        ? this.#received.endsWith(END_OF_CHUNKS)
        : this.#received.length >= head + END_OF_HEAD.length + Number(length);
    if (!isWhole) return;
    const answer = { status: Number(this.#received.slice(9, 12)), text: this.#received.slice(head) };
    this.#received = '';
    this.#waiting?.resolve(answer);
  }
}

/** A request as it goes over the wire; what has a body sends it as JSON. */
export function requestOf(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): string {
  const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
  if (body === undefined) return `${head}${method === 'GET' ? '' : 'Content-Length: 0\r\n'}\r\n`;
  const text = JSON.stringify(body);
  return `${head}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}
