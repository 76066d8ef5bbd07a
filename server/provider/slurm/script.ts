// The script of a job. It is the same for every run: what differs is in its environment, so no text of a run can be code.
import type { Folders } from './folders.ts';

/** Of a job that refuses to start. 3 is what it says; Slurm's own codes are others. */
const REFUSED = 3;
/** As a shell says that SIGTERM ended it. */
const STOPPED = 143;
/** How often in a row, a second apart, the taken file is not there before it counts as removed: a look may fail. */
const LOOKS = 3;
/** Seconds from SIGTERM to SIGKILL. */
const GRACE = 10;

/**
 * Takes the training file by rename, which one job can do once: the fence is that it is not there any more. What it
 * writes about itself appears whole or not at all.
 *
 * A controller that has forgotten a release shows the job as waiting, or as CANCELLED when it is asked to, and never
 * stops it: so it says every second that it is alive, and ends by itself when the file it has taken is removed.
 *
 * Without cgroups Slurm knows a job's processes by their parents. A shell that SIGTERM ends would leave a trainer that
 * ignores it without one, and it would train on. So these shells end after what they started, and what its own launcher
 * has left behind is killed before that.
 * @param command for the shell
 */
export const jobScript = (command: string) => `#!/bin/bash
# goldtune: takes the training file into this job's folder, or refuses to train.
umask 077
note() {
  printf '{"job_id": "%s", "exit_code": %s, "at": "%s"}\\n' "$SLURM_JOB_ID" "$2" "$(date -u +%FT%TZ)" >"$1.$SLURM_JOB_ID" &&
    mv -f -- "$1.$SLURM_JOB_ID" "$1"
}
# Sends the signal to all that belongs to this job but its two shells; whether there was any.
everything() {
  local signal=$1 found pid some=1
  for found in $(grep -lszxF "GOLDTUNE_FOLDER=$GOLDTUNE_FOLDER" /proc/[0-9]*/environ); do
    pid=\${found//[^0-9]/}
    [ "$pid" != "$$" ] && [ "$pid" != "$BASHPID" ] && kill "-$signal" "$pid" && some=0
  done 2>/dev/null
  return "$some"
}
watch() {
  trap '' TERM
  local missed=0 second
  while kill -0 "$$" 2>/dev/null && [ "$missed" -lt ${LOOKS} ]; do
    touch -- "$GOLDTUNE_ALIVE"
    sleep 1
    # Opened, since its attributes alone may be remembered from before.
    if { : <"$GOLDTUNE_TRAINING_FILE"; } 2>/dev/null; then missed=0; else missed=$((missed + 1)); fi
  done
  if kill -TERM "$$" 2>/dev/null; then
    echo 'goldtune: the training file was removed, so this job ends.'
    everything TERM
    for second in {1..${GRACE}}; do
      touch -- "$GOLDTUNE_ALIVE"
      sleep 1
    done
  fi
  while everything KILL; do sleep 0.1; done
}
if ! mv -T -- "$GOLDTUNE_WAITING_FILE" "$GOLDTUNE_TRAINING_FILE"; then
  if [ -e "$GOLDTUNE_WAITING_FILE" ] || [ ! -x "\${GOLDTUNE_WAITING_FILE%/*}" ]; then
    echo "goldtune: $(id -un) has no right to move the training file into $GOLDTUNE_FOLDER, so this job does not train: goldtune and its jobs have to run as the same user."
  else
    echo 'goldtune: the training file was removed or has been used before, so this job does not train.'
  fi
  note "$GOLDTUNE_REFUSED" null
  exit ${REFUSED}
fi
touch -- "$GOLDTUNE_ALIVE" && note "$GOLDTUNE_STARTED" null || exit 1
cd -- "$GOLDTUNE_FOLDER" || exit 1
stopped=
trap 'stopped=yes' TERM
watch &
bash -e -o pipefail -c ${quoted(`trap 'exit ${STOPPED}' TERM\n${command}`)}
status=$?
while everything KILL; do sleep 0.1; done
[ -z "$stopped" ] || { note "$GOLDTUNE_STOPPED" ${STOPPED}; exit ${STOPPED}; }
note "$GOLDTUNE_RESULT" "$status"
exit "$status"
`;

/** For the lines above; none of them is known to the operator's command. */
export function scriptEnvironment(folders: Folders, fileId: string): Record<string, string> {
  const job = folders.job(fileId);
  return {
    GOLDTUNE_FOLDER: job.root,
    GOLDTUNE_WAITING_FILE: folders.waiting(fileId),
    GOLDTUNE_TRAINING_FILE: job.taken,
    GOLDTUNE_STARTED: job.started,
    GOLDTUNE_REFUSED: job.refused,
    GOLDTUNE_RESULT: job.result,
    GOLDTUNE_STOPPED: job.stopped,
    GOLDTUNE_ALIVE: job.alive,
  };
}

/** One word for a shell, whatever it holds. */
export const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
