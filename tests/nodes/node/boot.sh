#!/bin/sh
# What a container needs before systemd runs in it as on a node. /node has the files of the tests, /cluster those of
# this cluster.
set -eu

mount --make-rshared /
# Without --privileged (privileges.py) these are read-only, and so they are inside.
mount -o remount,rw /sys
awk '$5 ~ "^/sys/fs/cgroup/" {print $5}' /proc/self/mountinfo | while read -r hierarchy; do
  mount -o remount,bind,rw "$hierarchy"
done
mkdir -p /kubelet-logs /etc/containerd /etc/cni/net.d /etc/kubernetes
rm -f /etc/machine-id
systemd-machine-id-setup >/dev/null 2>&1

# kubelet wants its control group in every hierarchy; those of cpuset begin without any processor.
for hierarchy in /sys/fs/cgroup/*/; do
  [ -w "$hierarchy" ] || continue
  mkdir -p "$hierarchy/kubelet"
  for file in cpuset.cpus cpuset.mems; do
    [ ! -e "$hierarchy/$file" ] || cat "$hierarchy/$file" >"$hierarchy/kubelet/$file"
  done
done

update-alternatives --set iptables /usr/sbin/iptables-"${IPTABLES:-nft}" >/dev/null
update-alternatives --set ip6tables /usr/sbin/ip6tables-"${IPTABLES:-nft}" >/dev/null
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0 \
  net.ipv6.conf.all.forwarding=1
sysctl -qw net.bridge.bridge-nf-call-iptables=1 || echo "no bridge-nf-call-iptables here"

# kube-network-policies is asked by NFQUEUE about each new connection of a pod's. It would make rules of nftables for
# that, whose `queue` not every kernel has; these say the same.
for tables in "iptables 10.244.0.0/16" "ip6tables fd00:244::/56"; do
  pods=${tables#* }
  tables=${tables% *}
  for rule in "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT" "-m addrtype --src-type LOCAL -j ACCEPT" \
    "-s $pods -j NFQUEUE --queue-num 100 --queue-bypass" "-d $pods -j NFQUEUE --queue-num 100 --queue-bypass"; do
    # shellcheck disable=SC2086
    $tables -t mangle -A POSTROUTING $rule
  done
done

cp /node/containerd.toml /etc/containerd/config.toml
cp /node/pods.conflist /etc/cni/net.d/
cp /node/*.service /etc/systemd/system/
# The root that stands for the public ones.
cp /cluster/public.pem /usr/local/share/ca-certificates/public.crt
# The proxy, as AKS gives it to a node before anything runs.
sh /cluster/proxy.sh
mkdir -p /etc/systemd/system/multi-user.target.wants
for unit in containerd kubelet kube-proxy; do
  systemctl enable -q "$unit"
done
systemctl mask -q docker-registry.service systemd-logind.service getty.target console-getty.service systemd-udevd.service apt-daily.timer \
  apt-daily-upgrade.timer
exec /sbin/init
