#!/bin/sh
# Removes folders of jobs that nobody uses any more, models and logs with them. Arguments: the shared directory, days.
# A folder stays where anything in it is newer than that, and while its training file is there: until then its run may
# go on, or has succeeded and has not been deleted in goldtune.
set -eu
shared=$1
days=$2
[ -e "$shared/.goldtune" ] || { echo "$shared is no directory of goldtune's, or not mounted" >&2; exit 1; }
for job in "$shared"/jobs/*/; do
  job=${job%/}
  [ -d "$job" ] && [ ! -L "$job" ] || continue
  [ ! -e "$job/training.jsonl" ] && [ ! -e "$shared/inbox/${job##*/}.jsonl" ] || continue
  [ -z "$(find "$job" -mtime "-$days" -print -quit)" ] || continue
  rm -r -- "$job"
  echo "$job"
done
