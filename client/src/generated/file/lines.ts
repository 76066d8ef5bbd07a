// Generated from the server by `npm run generate`; not edited by hand.
// Which line a piece of text stands on, as an editor counts: CR LF, LF and CR each end one.

export class Lines {
  /** On which whatever comes next stands. */
  current = 1;
  #afterReturn = false;

  /** The next piece of the text; a CR LF may be cut in two. */
  pass(text: string): void {
    if (text === '') return;
    this.current += text.match(/\r\n|\r|\n/g)?.length ?? 0;
    if (this.#afterReturn && text.startsWith('\n')) this.current -= 1;
    this.#afterReturn = text.endsWith('\r');
  }
}
