#!/usr/bin/env bash
# Installs what is missing of the named groups of deploy/packages.txt:
#   deploy/install-packages.sh build test
#   deploy/install-packages.sh test --beside COMMAND [ARGUMENT…]
# Does nothing when all is there. Says what it installs, and asks for sudo only when it has to. The second
# form runs a command that does not need the packages meanwhile, unless a password may be asked for, and
# succeeds when both do.
set -euo pipefail

list=$(dirname "$0")/packages.txt

fail() {
    echo "install-packages: $*" >&2
    exit 3
}

# Prints the packages of one group.
packages_of() {
    sed 's/#.*//' "$list" | awk -v want="[$1]" '
        $1 ~ /^\[/ { inside = $1 == want; found = found || inside; next }
        inside && NF { print $1 }
        END { exit !found }'
}

groups() {
    sed -n 's/^\[\(.*\)\].*/\1/p' "$list" | tr '\n' ' '
}

(($# > 0)) || {
    echo "usage: $0 GROUP…   groups: $(groups)" >&2
    exit 2
}

wanted=()
groups_wanted=()
beside=()
while (($# > 0)); do
    if [[ $1 == --beside ]]; then
        beside=("${@:2}")
        break
    fi
    groups_wanted+=("$1")
    shift
done
if ((${#beside[@]} > 0)); then
    if ((EUID != 0)); then
        "$0" "${groups_wanted[@]}"
        exec "${beside[@]}"
    fi
    log=$(mktemp)
    "$0" "${groups_wanted[@]}" >"$log" 2>&1 &
    status=0
    "${beside[@]}" || status=$?
    if wait $!; then
        [[ ! -s $log ]] || head -n 1 "$log"
    else
        status=3
        cat "$log" >&2
    fi
    rm "$log"
    exit "$status"
fi

for group in "${groups_wanted[@]}"; do
    names=$(packages_of "$group") || {
        echo "$0: no group \"$group\" in $list; groups: $(groups)" >&2
        exit 2
    }
    mapfile -t -O "${#wanted[@]}" wanted <<<"$names"
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    fail "this machine has no apt. Install by your own means what Debian 12 calls: ${wanted[*]}" \
        "(reasons in $list)"
fi

# dpkg-query fails when it does not know one of the names; what it knows it prints all the same.
installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null || true)
missing=()
for name in "${wanted[@]}"; do
    [[ $'\n'$installed$'\n' == *$'\n'"$name installed"$'\n'* ]] || missing+=("$name")
done
((${#missing[@]} > 0)) || exit 0

mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
echo "Installing ${#missing[@]} Debian packages for: ${groups_wanted[*]}"
printf '  %s\n' "${missing[@]}"

as_root=()
if ((EUID != 0)); then
    command -v sudo >/dev/null ||
        fail "installing needs root and there is no sudo. Run as root: $(realpath "$0") ${groups_wanted[*]}"
    echo "This needs root; sudo may ask for your password."
    as_root=(sudo)
fi

update() {
    "${as_root[@]}" apt-get -qq update ||
        fail "apt-get update failed; check the network and /etc/apt/sources.list*"
}

# A fresh machine often updates itself when it starts: wait for the package lock rather than fail.
install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 \
        install "${missing[@]}"
}

# A fresh machine or image has no package lists; old ones name versions that are gone.
if [[ -z $(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -print -quit) ]]; then
    update
    install && exit 0
else
    install && exit 0
    echo "That failed, perhaps for outdated package lists; updating them and trying once more."
    update
    install && exit 0
fi
fail "apt-get could not install all of: ${missing[*]}. Its messages are above." \
    "Sluice is built and tested on Debian 12 (bookworm)"
