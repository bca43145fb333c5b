"""The control plane of a cluster that has a node: as AKS's, it is outside the nodes' network, and called by name."""
import control_plane
import programs

FQDN = "demo-1a2b.hcp.westeurope.azmk8s.io"  # deploy/kubernetes/webhook/cluster.json says so too
ADDRESS = "10.224.0.1"  # the engine's end of the nodes' network
PODS, SERVICES = "10.244.0.0/16", "10.0.0.0/16"
PODS6, SERVICES6 = "fd00:244::/56", "fd00:10::/112"


class Plane(control_plane.ControlPlane):
    api = ("127.0.0.1", 443)
    advertised = ADDRESS
    names = f"IP:127.0.0.1,IP:{ADDRESS},IP:10.0.0.1,DNS:{FQDN},DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc"
    services = f"{SERVICES},{SERVICES6}"
    controllers = ["*"]
    controller_flags = ("--allocate-node-cidrs", "--cluster-cidr", f"{PODS},{PODS6}",
                        "--service-cluster-ip-range", f"{SERVICES},{SERVICES6}",
                        "--use-service-account-credentials")

    def __init__(self):
        super().__init__()
        # Webhooks are called at their pods' addresses: what konnectivity does on AKS.
        self.server_flags = ("--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction",
                             "--enable-aggregator-routing=true", "--allow-privileged",
                             "--kubelet-client-certificate", self.directory / "admin.pem",
                             "--kubelet-client-key", self.directory / "admin.key",
                             "--kubelet-preferred-address-types=InternalIP")

    def start(self):
        super().start()
        self._run(programs.PROGRAMS / "kube-scheduler", "--kubeconfig", self.kubeconfig, "--bind-address", "127.0.0.1",
                  "--leader-elect=false", "--cert-dir", self.directory)
        return self
