// Colours, where there is somebody to see them.
import util from 'node:util';
import type { Finetuning } from '../generated/router.ts';

type Status = Finetuning['status'];
export type Paint = (status: Status, text: string) => string;

const colours = {
  queued: 'gray',
  validating_files: 'cyan',
  running: 'cyan',
  succeeded: 'green',
  failed: 'red',
  cancelled: 'yellow',
} as const satisfies Record<Status, string>;

/** NO_COLOR, https://no-color.org: present and not empty. */
export const wantsColour = (env: Record<string, string | undefined>, isTTY: boolean): boolean =>
  isTTY && !env['NO_COLOR'] && env['TERM'] !== 'dumb';

/** The first releases of Node 20 have no styleText. */
const canStyle = 'styleText' in util;

export const painter = (coloured: boolean): Paint =>
  coloured && canStyle
    ? (status, text) => util.styleText(colours[status], text, { validateStream: false })
    : (_status, text) => text;
