#!/usr/bin/env bash
# Inside the lab's client network: checks the cluster's way out, trusting the lab's root as a cluster
# would trust a company's, by trustedCa. The exit code is the verdict.
set -euo pipefail

config=/tmp/http-proxy-config.json
sed "s|@TRUSTED_CA@|$(base64 -w 0 /shared/ca.pem)|" /lab/http-proxy-config.json >"$config"
exec sluice check -f "$config" --region westeurope --fqdn aks-lab.hcp.westeurope.azmk8s.io \
    --cluster-ca /shared/cluster-ca.pem --elsewhere "$@"
