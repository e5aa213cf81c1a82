# shellcheck shell=bash
# Sourced, not executed: prints the stages of a script, and how long each took.

# stage NAME: ends the stage before it, and begins one.
stage() {
    end_stage
    stage_name=$1
    stage_start=$SECONDS
    printf '\n== %s  %s\n' "$(date '+%H:%M:%S')" "$1"
}

end_stage() {
    [ -n "$stage_name" ] || return 0
    stage_times+=("$(printf '%5d s  %s' "$((SECONDS - stage_start))" "$stage_name")")
    stage_name=
}

# all_passed: ends the last stage, and prints a table of all.
all_passed() {
    end_stage
    printf '\n== %s  Passed after %d min %d s\n' "$(date '+%H:%M:%S')" $((SECONDS / 60)) $((SECONDS % 60))
    printf '%s\n' "${stage_times[@]}"
}

stage_name=
stage_start=0
stage_times=()
