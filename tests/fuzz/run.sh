#!/usr/bin/env bash
# Runs every fuzz target of a build directory for a bounded time each, two or more at once:
#   tests/fuzz/run.sh build/fuzz 60
# New inputs stay in BUILD/corpus/NAME/; a finding and its log in BUILD/findings/.
set -euo pipefail

build=${1:?usage: $0 BUILD_DIRECTORY SECONDS}
seconds=${2:?usage: $0 BUILD_DIRECTORY SECONDS}
here=$(dirname "$0")

fuzz_one() {
    local program=$1 build=$2 seconds=$3 here=$4 name log seeds=()
    name=$(basename "$program" _fuzz)
    log=$build/findings/$name.log
    mkdir -p "$build/corpus/$name" "$build/findings"
    [[ ! -d $here/corpus/$name ]] || seeds=("$here/corpus/$name")
    # libFuzzer writes to the first folder and reads all. A single input gets 10 s and 2 GiB.
    if "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -verbosity=1 \
        -print_final_stats=1 -artifact_prefix="$build/findings/$name-" \
        "$build/corpus/$name" "${seeds[@]}" >"$log" 2>&1; then
        echo "ok    $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs"
        rm "$log"
    else
        echo "FOUND $name: see $log and below"
        return 1
    fi
}
export -f fuzz_one

mapfile -t programs < <(find "$build/tests/fuzz" -maxdepth 1 -name '*_fuzz' -type f -executable | sort)
if ((${#programs[@]} == 0)); then
    echo "$0: no fuzz target is built in $build" >&2
    exit 1
fi
rm -f "$build"/findings/*.log
status=0
printf '%s\0' "${programs[@]}" |
    xargs -0 -P "$(nproc)" -I{} bash -c 'fuzz_one "$@"' _ {} "$build" "$seconds" "$here" || status=1

# Last, so that a log of which only the end is kept has it, with the input.
for log in "$build"/findings/*.log; do
    [[ -e $log ]] || continue
    echo "--- $log"
    { grep -a -e 'ERROR:' -e '^ *#[0-9]* ' -e '^SUMMARY:' "$log" || tail -n 20 "$log"; } | sed -n 1,20p | cut -c 1-160
    input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
    [[ ! -e $input ]] || (($(stat -c %s "$input") > 4096)) || base64 "$input"
done
((status == 0))
