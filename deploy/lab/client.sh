#!/usr/bin/env bash
# Inside the lab's client network: the destination can't be reached directly, and can through the
# proxy. PROXY, CA and URL come from docker-compose.yml. Then it stays, whatever it found: the first
# container that exits ends the lab, and the verdict is check's. /tmp/done tells the health check; a
# client that never becomes healthy fails the lab before check begins.
set -euo pipefail

: "${PROXY:?}" "${CA:?}" "${URL:?}"

failed() {
    echo "client: $*" >&2
    exec sleep infinity
}

if curl --silent --show-error --noproxy '*' --max-time 5 --cacert "$CA" --output /dev/null "$URL"; then
    failed "$URL answers without the proxy; the network is not closed"
fi
echo "client: $URL does not answer directly, as it should be"

curl --silent --show-error --proxy "$PROXY" --max-time 20 --cacert "$CA" \
    --output /dev/null --write-out 'client: %{url_effective} answers %{http_code} through the proxy\n' "$URL" ||
    failed "$URL can't be reached through $PROXY"

touch /tmp/done
exec sleep infinity
