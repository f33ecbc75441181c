# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Completes the words of tcp-abort, for bash-completion.

_tcp_abort() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} options
    COMPREPLY=()
    case $before in
        --filter | --elastic | --host | --jobs | --chunk | --around | -j) return ;;
    esac
    options="--json --report --filter --harmless --no-color --version --help"
    [ "${COMP_WORDS[1]}" != bulk ] || options="--output --jobs --host --shared --ring --chunk
        --around --elastic --harmless --help"
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
        return
    fi
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
    [ "$COMP_CWORD" -ne 1 ] || mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W bulk -- "$word")
}
complete -F _tcp_abort tcp-abort
