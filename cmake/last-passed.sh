#!/usr/bin/env bash
# When the checks that are too long for every change passed last: `last-passed.sh TARGET` writes today's date
# and the commit beside the target's name in docs/design/last-passed.txt; without a name it prints the file.
set -euo pipefail
cd "$(dirname "$0")/.."
file=docs/design/last-passed.txt

if (($# == 0)); then
    cat "$file"
    exit
fi
commit=$(git rev-parse --short=12 HEAD)
[[ -z $(git status --porcelain --untracked-files=no) ]] || commit+=+
line="$1 $(date -u +%Y-%m-%d) $commit"
{
    [[ ! -e $file ]] || grep -v "^$1 " "$file" || true
    echo "$line"
} | sort >"$file.new"
mv "$file.new" "$file"
echo "passed: $line ($file)"
