#!/usr/bin/env bash
# Builds the image (run.sh image) or runs the lab of docker-compose.yml (run.sh up). Without a
# container engine that answers, says so and exits with 3. The environment may say: BUILD_BASE,
# RUNTIME_BASE (deploy/Dockerfile), BINARY (a sluice built on Debian 12 to put into the image instead
# of compiling it there), LAB (names of files to lay over docker-compose.yml: inspect means
# deploy/lab/inspect.yaml; others are paths).
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
    if command -v strip >/dev/null; then strip build/image/sluice; fi
    export BINARY=build/image/sluice
fi

VERSION=$(sed -n 's/^project(sluice VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
COMMIT=$(git rev-parse HEAD 2>/dev/null || echo unknown)
export VERSION COMMIT

case ${1:-up} in
    image)
        arguments=()
        for name in BUILD_BASE RUNTIME_BASE BINARY VERSION COMMIT; do
            [[ -z ${!name:-} ]] || arguments+=(--build-arg "$name=${!name}")
        done
        exec "$engine" build -f deploy/Dockerfile "${arguments[@]}" --target sluice -t sluice:latest .
        ;;
    up)
        if "$engine" compose version >/dev/null 2>&1; then
            compose=("$engine" compose)
        elif command -v docker-compose >/dev/null && [[ $engine == docker ]]; then
            compose=(docker-compose)
        else
            did_not_run "$engine answers, but neither \`$engine compose\` nor docker-compose is installed"
        fi
        export COMPOSE_FILE=docker-compose.yml
        for change in ${LAB:-}; do
            [[ $change == */* ]] || change=deploy/lab/$change.yaml
            COMPOSE_FILE+=:$change
        done
        code=0
        "${compose[@]}" up --build --exit-code-from check || code=$?
        # What stopped a lab whose check never began.
        ((code == 0)) || "${compose[@]}" logs --no-color --tail 20 client origins cluster
        "${compose[@]}" down --volumes
        echo "lab: check exited with $code"
        exit "$code"
        ;;
    *)
        echo "usage: $0 [up|image]" >&2
        exit 2
        ;;
esac
