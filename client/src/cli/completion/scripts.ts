// What a shell loads: it asks `goldtune complete` at each Tab, and knows nothing of the commands itself.

export type Shell = 'bash' | 'zsh' | 'fish';

/** Printed instead of words: the shell's own completion of file names. */
export const FILES = ':files';

export const scripts: Record<Shell, string> = {
  bash: `_goldtune() {
  local words
  words=$(goldtune complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=()
  if [[ $words == ${FILES} ]]; then
    compopt -o default 2>/dev/null
  else
    COMPREPLY=($words)
  fi
}
complete -F _goldtune goldtune`,

  zsh: `#compdef goldtune
_goldtune() {
  local -a found
  found=(\${(f)"$(goldtune complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if [[ $found[1] == ${FILES} ]]; then
    _files
  else
    compadd -a found
  fi
}
compdef _goldtune goldtune`,

  fish: `function __goldtune
  set -l found (goldtune complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)
  if test "$found" = ${FILES}
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $found
  end
end
complete -c goldtune -f -a '(__goldtune)'`,
};
