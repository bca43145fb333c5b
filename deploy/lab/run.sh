#!/usr/bin/env bash
# Builds an image (run.sh image [STAGE]: sluice, load or clients) or runs the lab of docker-compose.yml
# (run.sh up). Without a container engine that answers, says so and exits with 3. The environment may say:
# BUILD_BASE, RUNTIME_BASE (deploy/Dockerfile), BINARY (a sluice built on Debian 12 to put into the image
# instead of compiling it there; for the stage load its sluice-load, from bench/ beside it), LAB (names of
# files to lay over docker-compose.yml: inspect means deploy/lab/inspect.yaml; others are paths). With play
# among them the lab stays until it is interrupted.
set -euo pipefail
cd "$(dirname "$0")/../.."

did_not_run() {
    echo "lab: NOT RUN: $*" >&2
    exit 3
}

engine=
for candidate in docker podman; do
    if command -v "$candidate" >/dev/null && timeout 10 "$candidate" info >/dev/null 2>&1; then
        engine=$candidate
        break
    fi
done
[[ -n $engine ]] || did_not_run "no container engine answers here (tried docker info, podman info)." \
    "Install and start one, e.g. Debian's docker.io, and run this again"

# The build's context has of build/ only build/image.
rm -rf build/image
if [[ -n ${BINARY:-} ]]; then
    install -D "$BINARY" build/image/sluice
    load=$(dirname "$BINARY")/bench/sluice-load
    [[ ! -e $load ]] || install "$load" build/image/sluice-load
    if command -v strip >/dev/null; then strip build/image/*; fi
    export BINARY=build/image/sluice
fi

VERSION=$(sed -n 's/^project(sluice VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
COMMIT=$(git rev-parse HEAD 2>/dev/null || echo unknown)
export VERSION COMMIT


# Says what a laptop can do with the lab, which stays until this is interrupted.
play() {
    for name in public-roots.pem sluice-ca.pem; do
        "${compose[@]}" exec -T node cat "/shared/$name" >"build/lab/$name"
    done
    local plain=http://127.0.0.1:${PLAY_PORT:-3128} tls=https://127.0.0.1:${PLAY_TLS_PORT:-3443} roots=public-roots.pem
    [[ " $LAB " != *" inspect "* ]] || roots=sluice-ca.pem
    cat <<END

The lab stays until you interrupt this (Ctrl-C). From another terminal:
  curl --proxy $plain --cacert build/lab/$roots https://mcr.microsoft.com/v2/
  curl --proxy $tls --proxy-cacert build/lab/sluice-ca.pem --cacert build/lab/$roots https://mcr.microsoft.com/v2/
  curl --proxy $plain https://example.com/    # which the policy denies
  ${compose[*]} logs --follow proxy    # its access log
END
    [[ " $LAB " != *" observe "* ]] || echo "  http://127.0.0.1:${PROMETHEUS_PORT:-9090}/ in a browser    # Prometheus"
    trap 'kill "$waiting" 2>/dev/null || true' INT TERM
    sleep infinity &
    waiting=$!
    wait "$waiting" || true
    trap - INT TERM
}

# What Prometheus scraped: its newest values of a few metrics.
observed() {
    echo "lab: Prometheus has scraped of the proxy:"
    local query
    for query in 'up{job="sluice"}' 'sum by (kind) (sluice_requests_total)'; do
        "${compose[@]}" exec -T prometheus promtool query instant http://127.0.0.1:9090 "$query" | sed 's/^/  /'
    done
}

case ${1:-up} in
    image)
        stage=${2:-sluice}
        arguments=()
        for name in BUILD_BASE RUNTIME_BASE BINARY VERSION COMMIT; do
            [[ -z ${!name:-} ]] || arguments+=(--build-arg "$name=${!name}")
        done
        tag=sluice
        [[ $stage == sluice ]] || tag=sluice-$stage
        exec "$engine" build -f deploy/Dockerfile "${arguments[@]}" --target "$stage" -t "$tag:latest" .
        ;;
    up)
        if "$engine" compose version >/dev/null 2>&1; then
            compose=("$engine" compose)
        elif command -v docker-compose >/dev/null && [[ $engine == docker ]]; then
            compose=(docker-compose)
        else
            did_not_run "$engine answers, but neither \`$engine compose\` nor docker-compose is installed"
        fi
        export COMPOSE_FILE=docker-compose.yml LAB=${LAB:-}
        for change in $LAB; do
            [[ $change == */* ]] || change=deploy/lab/$change.yaml
            COMPOSE_FILE+=:$change
        done
        mkdir -p build/lab
        echo "lab: building the images, which takes minutes the first time (build/lab/build.log)"
        # The first is what the others are built on.
        if ! { "${compose[@]}" build origins && "${compose[@]}" build; } >build/lab/build.log 2>&1; then
            tail -n 40 build/lab/build.log >&2
            exit 3
        fi
        trap '"${compose[@]}" down --volumes --timeout 5' EXIT
        from=$SECONDS
        code=0
        "${compose[@]}" run --rm check || code=$?
        # What the check found, or what kept it from beginning.
        if ((code == 0)); then
            "${compose[@]}" logs --no-color node | sed -n 's/.*| *\(node: .*\)/\1/p'
        else
            "${compose[@]}" logs --no-color --tail 20 node registry proxy origins cluster
        fi
        [[ " $LAB " != *" observe "* ]] || observed
        echo "lab: check exited with $code, $((SECONDS - from)) s after the lab was begun"
        [[ " $LAB " != *" play "* ]] || play
        exit "$code"
        ;;
    *)
        echo "usage: $0 [up|image [STAGE]]" >&2
        exit 2
        ;;
esac
