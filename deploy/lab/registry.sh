#!/usr/bin/env bash
# Stands for mcr.microsoft.com: Debian's docker-registry, by a certificate of the lab's public root, with one
# image of a single file. CERTIFICATE, KEY, ROOTS and IMAGE (host/name:tag) come from docker-compose.yml.
set -euo pipefail

: "${CERTIFICATE:?}" "${KEY:?}" "${ROOTS:?}" "${IMAGE:?}"

host=${IMAGE%%/*}
name=${IMAGE#*/}
tag=${name##*:}
name=${name%:*}
work=/tmp/registry
mkdir -p "$work/layer"

cat >"$work/config.yml" <<END
version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: $work/data}}
http:
  addr: :443
  tls: {certificate: $CERTIFICATE, key: $KEY}
END
docker-registry serve "$work/config.yml" &

ask() {
    curl --silent --show-error --fail --noproxy '*' --cacert "$ROOTS" --resolve "$host:443:127.0.0.1" "$@"
}

# put_blob FILE: stores it, and prints its digest.
put_blob() {
    local digest at
    digest=sha256:$(sha256sum "$1" | cut -d ' ' -f 1)
    at=$(ask --request POST --dump-header - "https://$host/v2/$name/blobs/uploads/" |
        sed -n 's/^[Ll]ocation: *\([^[:space:]]*\).*/\1/p')
    ask --request PUT --header 'Content-Type: application/octet-stream' --data-binary "@$1" "$at&digest=$digest"
    echo "$digest"
}

for ((i = 0; i < 100; ++i)); do
    ask --output /dev/null "https://$host/v2/" 2>/dev/null && break
    sleep 0.1
done

echo 'pulled through the proxy' >"$work/layer/hello"
tar -C "$work/layer" -cf "$work/layer.tar" hello
gzip -n <"$work/layer.tar" >"$work/layer.tar.gz"
printf '{"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": ["sha256:%s"]}}' \
    "$(sha256sum "$work/layer.tar" | cut -d ' ' -f 1)" >"$work/config.json"

type=application/vnd.docker
printf '{"schemaVersion": 2, "mediaType": "%s",
 "config": {"mediaType": "%s", "size": %d, "digest": "%s"},
 "layers": [{"mediaType": "%s", "size": %d, "digest": "%s"}]}' \
    "$type.distribution.manifest.v2+json" \
    "$type.container.image.v1+json" "$(stat -c %s "$work/config.json")" "$(put_blob "$work/config.json")" \
    "$type.image.rootfs.diff.tar.gzip" "$(stat -c %s "$work/layer.tar.gz")" "$(put_blob "$work/layer.tar.gz")" \
    >"$work/manifest.json"
ask --request PUT --header "Content-Type: $type.distribution.manifest.v2+json" \
    --data-binary "@$work/manifest.json" "https://$host/v2/$name/manifests/$tag"
echo "registry: $IMAGE is there"
touch "$work/ready"
wait
