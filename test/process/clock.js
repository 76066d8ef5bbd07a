// Given to a process with --import: its wall clock is ahead by as many milliseconds as the file CLOCK_AHEAD says.
import { readFileSync } from 'node:fs';

const Real = Date;
const now = Real.now.bind(Real);
function ahead() {
  try {
    return Number(readFileSync(process.env.CLOCK_AHEAD ?? '', 'utf8')) || 0;
  } catch {
    return 0;
  }
}
globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length === 0) super(now() + ahead());
    else super(...given);
  }
  static now() {
    return now() + ahead();
  }
};
