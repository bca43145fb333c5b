#!/usr/bin/env bash
# Builds the image (run.sh image) or runs the lab of docker-compose.yml (run.sh up). Without a
# container engine that answers, says so and exits with 3.
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

case ${1:-up} in
    image)
        exec "$engine" build -f deploy/Dockerfile --target sluice -t sluice:latest .
        ;;
    up)
        if "$engine" compose version >/dev/null 2>&1; then
            compose=("$engine" compose)
        elif command -v docker-compose >/dev/null && [[ $engine == docker ]]; then
            compose=(docker-compose)
        else
            did_not_run "$engine answers, but neither \`$engine compose\` nor docker-compose is installed"
        fi
        code=0
        "${compose[@]}" up --build --exit-code-from check || code=$?
        "${compose[@]}" down --volumes
        echo "lab: check exited with $code"
        exit "$code"
        ;;
    *)
        echo "usage: $0 [up|image]" >&2
        exit 2
        ;;
esac
