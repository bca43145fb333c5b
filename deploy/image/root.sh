#!/usr/bin/env bash
# Makes the root file system of an image with one program and what that needs, and no shell:
#   root.sh PROGRAM DIRECTORY
# Runs on the Debian that has the program's libraries installed. The image gets the program, its
# libraries, the roots of TLS, a user, and of each package that something comes from the status, where
# scanners look for it, and the copyright.
set -euo pipefail

program=$1
root=$2
user=65532

packages=(base-files)

# take FILE: copies it to the same place, under the name that it is asked for by.
take() {
    local file real owner
    file=$(realpath --no-symlinks "$1")
    real=$(realpath "$file")
    # /lib is a link to /usr/lib.
    install -D -m "$(stat -c %a "$real")" "$real" "$root$(realpath "$(dirname "$file")")/$(basename "$file")"
    # dpkg knows a file by its place before /lib became a link, or after.
    owner=$(dpkg-query --search "$real" "${real#/usr}" 2>/dev/null | sed -n '1s/[:,].*//p' || true)
    [[ -n $owner ]] || { echo "root.sh: $real belongs to no package" >&2 && exit 1; }
    packages+=("$owner")
}

mkdir -p "$root"
for link in /lib /lib64; do
    [[ ! -L $link ]] || cp -a "$link" "$root/"
done
install -D "$program" "$root$program"
while read -r library; do
    take "$library"
done < <(ldd "$program" | sed -n 's/^[^/]*\(\/[^ ]*\) (0x.*/\1/p')

take /usr/lib/os-release
mkdir -p "$root/etc"
ln -s ../usr/lib/os-release "$root/etc/os-release"
install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
packages+=(ca-certificates)
echo "hosts: files dns" >"$root/etc/nsswitch.conf"
# Else a name with two addresses in /etc/hosts has only the first.
echo "multi on" >"$root/etc/host.conf"
printf '%s\n' "root:x:0:0:root:/root:/usr/sbin/nologin" \
    "sluice:x:$user:$user::/:/usr/sbin/nologin" >"$root/etc/passwd"
printf '%s\n' "root:x:0:" "sluice:x:$user:" >"$root/etc/group"

while read -r package; do
    mkdir -p "$root/var/lib/dpkg/status.d" "$root/usr/share/doc/$package"
    dpkg-query --status "$package" >"$root/var/lib/dpkg/status.d/$package"
    for sums in "/var/lib/dpkg/info/$package.md5sums" "/var/lib/dpkg/info/$package:"*.md5sums; do
        [[ ! -f $sums ]] || cp "$sums" "$root/var/lib/dpkg/status.d/$package.md5sums"
    done
    cp -L "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/copyright"
done < <(printf '%s\n' "${packages[@]}" | sort -u)

# It starts with what is there.
chroot "$root" "$program" --help >/dev/null
