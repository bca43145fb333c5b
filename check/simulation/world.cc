#include "check/simulation/world.h"

#include <chrono>

#include "base/clock.h"

namespace check {
namespace {

using std::chrono::hours;

constexpr hours kDay{24};

base::Result<tls::Authority> make_root(const std::string& name) {
  const base::WallTime now = base::wall_now();
  return tls::Authority::create({name, now - kDay, now + 30 * kDay});
}

enum class Validity { kCurrent, kExpired };

base::Result<tls::Identity> leaf(const tls::Authority& root, const tls::PrivateKey& key,
                                 const std::vector<std::string>& names, Validity validity) {
  const base::WallTime now = base::wall_now();
  tls::LeafSpec spec;
  spec.names = names;
  spec.not_before = validity == Validity::kCurrent ? now - hours(1) : now - 3 * hours(1);
  spec.not_after = validity == Validity::kCurrent ? now + 7 * kDay : now - hours(1);
  return root.issue(spec, key);
}

}  // namespace

base::Result<std::unique_ptr<World>> World::start(const WorldSpec& spec) {
  auto public_root = make_root(spec.public_root);
  if (!public_root) return base::fail(public_root.error());
  auto cluster_root = make_root("Simulated Cluster CA");
  if (!cluster_root) return base::fail(cluster_root.error());
  std::unique_ptr<World> world(new World(std::move(*public_root), std::move(*cluster_root)));
  const base::Result<void> opened = world->open(spec);
  if (!opened) return base::fail(opened.error());
  world->thread_ = std::thread([raw = world.get()] { raw->loop_.run(); });
  return world;
}

base::Result<void> World::serve(std::unique_ptr<OriginServer>& slot, const base::Endpoint& endpoint,
                                const char* name, std::vector<tls::Identity> shown,
                                const tls::ServerOptions& options) {
  std::shared_ptr<const tls::ServerContext> context;
  if (!shown.empty()) {
    auto made = tls::ServerContext::make(std::move(shown), options);
    if (!made) return base::fail(made.error());
    context = std::move(*made);
  }
  auto server = OriginServer::start(loop_, endpoint, name, std::move(context));
  if (!server) return base::fail(server.error());
  slot = std::move(*server);
  return {};
}

base::Result<void> World::open_public(const WorldSpec& spec, const tls::PrivateKey& key) {
  std::vector<tls::Identity> identities;
  const auto add = [&](const std::string& name, Validity validity) -> base::Result<void> {
    auto made = leaf(public_root_, key, {name}, validity);
    if (!made) return base::fail(made.error());
    identities.push_back(std::move(*made));
    return {};
  };
  for (const std::string& name : spec.public_names) {
    base::Result<void> added = add(name, Validity::kCurrent);
    if (!added) return added;
  }
  if (!spec.expired_name.empty()) {
    base::Result<void> added = add(spec.expired_name, Validity::kExpired);
    if (!added) return added;
  }
  base::Result<void> secure =
      serve(public_tls_, {spec.address, spec.public_tls_port}, "endpoint", std::move(identities));
  if (!secure) return secure;
  return serve(public_http_, {spec.address, spec.public_http_port}, "endpoint", {});
}

base::Result<void> World::open_asking(const WorldSpec& spec, const tls::PrivateKey& key) {
  auto identity = leaf(public_root_, key, {spec.asking_name}, Validity::kCurrent);
  if (!identity) return base::fail(identity.error());
  std::vector<tls::Identity> identities;
  identities.push_back(std::move(*identity));
  tls::TrustStore authorities;
  authorities.add(cluster_root_.certificate());
  tls::ServerOptions options;
  options.client_certificates =
      tls::ClientCertificates{std::move(authorities), tls::ClientCertificate::kOptional};
  return serve(asking_tls_, {spec.address, 0}, "endpoint", std::move(identities), options);
}

base::Result<void> World::open_cluster(const WorldSpec& spec, const tls::PrivateKey& key) {
  std::vector<std::string> names = spec.cluster_names;
  names.emplace_back("kubernetes.default");  // as every API server's certificate has it
  auto identity = leaf(cluster_root_, key, names, Validity::kCurrent);
  if (!identity) return base::fail(identity.error());
  std::vector<tls::Identity> identities;
  identities.push_back(std::move(*identity));
  return serve(cluster_tls_, {spec.address, spec.cluster_tls_port}, "cluster",
               std::move(identities));
}

base::Result<void> World::open(const WorldSpec& spec) {
  const auto key = tls::PrivateKey::generate();
  if (!key) return base::fail(key.error());
  base::Result<void> done;
  if (!spec.public_names.empty()) done = open_public(spec, *key);
  if (done && !spec.asking_name.empty()) done = open_asking(spec, *key);
  if (done && !spec.cluster_names.empty()) done = open_cluster(spec, *key);
  if (done && spec.platform == WorldSpec::Platform::kServed) {
    done = serve(platform_http_, {spec.address, spec.platform_http_port}, "platform address", {});
  }
  return done;
}

World::~World() {
  if (thread_.joinable()) {
    // The servers end on their own thread, before the loop that they use.
    loop_.post([this] {
      for (auto* server :
           {&public_tls_, &public_http_, &asking_tls_, &cluster_tls_, &platform_http_})
        server->reset();
      loop_.stop();
    });
    thread_.join();
  }
}

}  // namespace check
