#!/usr/bin/env bash
# A node of the lab. Its only way out is the proxy. It is set up by the script of `sluice aks render node`, as
# an AKS node by AKS's, then has its containerd pull an image. CONFIG (an httpProxyConfig), FQDN, ROOTS (which
# stand for the public ones) and IMAGE come from docker-compose.yml. It stays when all went well, and
# /run/node-ready tells the health check; else it exits with 1.
set -euo pipefail

: "${CONFIG:?}" "${FQDN:?}" "${ROOTS:?}" "${IMAGE:?}"

say() {
    echo "node: $*"
}

fail() {
    say "$*" >&2
    exit 1
}

# Docker before version 27 lets containers on, by IPv6, from one network without a way out to another.
ip -6 route del default 2>/dev/null || true

# Before the proxy, as in a node's image.
install -m 644 "$ROOTS" /usr/local/share/ca-certificates/lab-public-roots.crt
update-ca-certificates >/dev/null 2>&1

sluice aks render node "$CONFIG" --fqdn "$FQDN" --script >/run/bootstrap.sh 2>/run/bootstrap.log ||
    { cat /run/bootstrap.log >&2 && fail "no script for $CONFIG"; }
sh /run/bootstrap.sh 2>/run/bootstrap.log | sed 's/^/node: /' || { cat /run/bootstrap.log >&2 && fail "the script failed"; }

# systemd would give this to all that it starts.
mapfile -t environment < <(sed -n 's/^DefaultEnvironment="\(.*\)"$/\1/p' /etc/systemd/system.conf.d/proxy.conf)
printf '%s\n' "${environment[@]}" | grep -q ^HTTPS_PROXY= || fail "the script set no proxy for services"

host=${IMAGE%%/*}
url=http://packages.microsoft.com/
if curl --silent --output /dev/null --noproxy '*' --max-time 5 "https://$host/v2/"; then
    say "https://$host/v2/ answers without the proxy: the network is not closed"
else
    say "https://$host/v2/ does not answer without the proxy"
fi

# The plain listener by both kinds of addresses.
for family in 4 6; do
    env "${environment[@]}" curl "-$family" --silent --show-error --max-time 20 --output /dev/null \
        --write-out "node: $url answers %{http_code} through the proxy, over IPv$family\n" "$url" ||
        fail "$url can't be reached through the proxy over IPv$family"
done

env "${environment[@]}" containerd >/run/containerd.log 2>&1 &

# pull IMAGE: has containerd pull it, by what kubelet would ask: PullImageRequest{image: {image: IMAGE}} to the
# image service of CRI. Prints the answer's headers and trailers.
pull() {
    local length=${#1} frame
    # Two fields of number 1 around each other, behind gRPC's five octets; lengths below 128 take one octet.
    frame=$(printf '\\x00\\x00\\x00\\x00\\x%02x\\n\\x%02x\\n\\x%02x' $((length + 4)) $((length + 2)) "$length")
    printf '%b%s' "$frame" "$1" |
        curl --silent --show-error --noproxy '*' --http2-prior-knowledge --max-time 60 \
            --unix-socket /run/containerd/containerd.sock --header 'Content-Type: application/grpc' \
            --header 'TE: trailers' --data-binary @- --output /dev/null --dump-header - \
            http://localhost/runtime.v1.ImageService/PullImage
}

for ((i = 0; i < 200; ++i)); do
    ctr version >/dev/null 2>&1 && break
    sleep 0.1
done
answer=$(pull "$IMAGE") || fail "containerd does not answer: $(tail -n 3 /run/containerd.log)"
grep -q '^grpc-status: 0' <<<"$answer" ||
    fail "containerd can't pull $IMAGE: $(sed -n 's/^grpc-message: //p' <<<"$answer")"
ctr --namespace k8s.io images list --quiet | grep -qx "$IMAGE" || fail "containerd has no $IMAGE"
say "containerd pulled $IMAGE through $(printf '%s\n' "${environment[@]}" | sed -n 's/^HTTPS_PROXY=//p')"

touch /run/node-ready
exec sleep infinity
