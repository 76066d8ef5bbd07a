// The names we give to files and jobs. None is ever used twice, so that a late write or a late start meets nothing of ours.
import { randomBytes } from 'node:crypto';
import type { JobTag } from '../../finetuning/provider.ts';

const PREFIX = 'goldtune-';
const NONCE_BYTES = 8;
/** It becomes a part of paths and of a job's name. */
const FILE_NAME = /^(?<stem>[A-Za-z0-9][A-Za-z0-9._-]{0,99})\.jsonl$/;
/** With a part of the mark of the directory that it was written to (share.ts), but in older ones. */
const FILE_ID = /^(?<stem>[A-Za-z0-9][A-Za-z0-9._-]{0,99})\.(?<share>[0-9a-f]{6})?[0-9a-f]{16}$/;
const OF_FINETUNING = /^(?<finetuning>[0-9a-f]{24})\.(?<attempt>\d+)$/;

/** What ids of a file called `<finetuning>.<attempt>.jsonl` begin with; null: no such name can be used. */
export const stemOfName = (fileName: string) => FILE_NAME.exec(fileName)?.groups?.['stem'] ?? null;

/** `<finetuning>.<attempt>.<share><nonce>`. */
export const newFileId = (stem: string, share: string) => `${stem}.${share}${randomBytes(NONCE_BYTES).toString('hex')}`;

/** Null: it is from before ids said where they were written. */
export const shareOfFile = (fileId: string) => FILE_ID.exec(fileId)?.groups?.['share'] ?? null;

const stemOf = (fileId: string) => FILE_ID.exec(fileId)?.groups?.['stem'] ?? null;

export const isFileId = (text: string) => stemOf(text) !== null;

export const fileNameOf = (fileId: string) => `${stemOf(fileId) ?? fileId}.jsonl`;

/** One file makes one job at most. */
export const jobNameOf = (fileId: string) => `${PREFIX}${fileId}`;

/** Null: a job of somebody else's. */
export function fileOfJobName(name: string | null): string | null {
  const id = name?.startsWith(PREFIX) ? name.slice(PREFIX.length) : '';
  return isFileId(id) ? id : null;
}

/** What the name says of the tag, whatever has become of the comment. */
export function tagOfFile(fileId: string | null): Partial<JobTag> {
  const groups = OF_FINETUNING.exec(stemOf(fileId ?? '') ?? '')?.groups;
  const [finetuning, attempt] = [groups?.['finetuning'], groups?.['attempt']];
  return finetuning && attempt ? { goldtune_finetuning: finetuning, goldtune_attempt: attempt } : {};
}
