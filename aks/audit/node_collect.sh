#!/bin/sh
# Prints what `sluice aks audit node` reads of a node: the files that tell it about its proxy, its
# authorities, and of kubelet and containerd the six proxy variables. Changes nothing. Run as root on
# the node itself, or with the directory in which its root is mounted as argument. POSIX, and what
# both GNU's and BusyBox's tools have.
set -u
root=${1:-/}
cd "$root" || exit 3
made=$(mktemp -d) || exit 3
trap 'rm -rf "$made"' EXIT
mkdir -p "$made/run/sluice"

for unit in kubelet containerd; do
  for comm in proc/[0-9]*/comm; do
    [ "$(cat "$comm" 2>/dev/null)" = "$unit" ] || continue
    # Unreadable is unknown; read and without variables is a unit that has none.
    if cat "${comm%comm}environ" >"$made/all" 2>/dev/null; then
      tr '\0' '\n' <"$made/all" |
        grep -E '^(HTTP_PROXY|http_proxy|HTTPS_PROXY|https_proxy|NO_PROXY|no_proxy)=' \
          >"$made/run/sluice/$unit.environ"
      break
    fi
  done
done

set --
for file in etc/environment etc/os-release usr/lib/os-release etc/apt/apt.conf etc/apt/apt.conf.d/* \
  etc/systemd/system.conf etc/systemd/system.conf.d/* etc/systemd/system/kubelet.service.d/* \
  etc/systemd/system/containerd.service.d/* usr/local/share/ca-certificates/* \
  usr/share/pki/ca-trust-source/anchors/* etc/pki/ca-trust/source/anchors/* \
  etc/ssl/certs/proxyCA.pem etc/ssl/certs/ca-certificates.crt etc/pki/tls/certs/ca-bundle.crt \
  etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem; do
  [ -f "$file" ] && [ -r "$file" ] && set -- "$@" "$file"
done
rm -f "$made/all"
if [ $# -gt 0 ]; then
  # BusyBox's tar knows one -C, for all files.
  tar -chf - "$@" | tar -xf - -C "$made" || exit 3
fi
echo '-----BEGIN SLUICE NODE-----'
tar -cf - -C "$made" . | base64
echo '-----END SLUICE NODE-----'
