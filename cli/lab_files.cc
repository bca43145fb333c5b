#include "cli/lab_files.h"

#include <random>

#include "aks/http_proxy_config.h"
#include "aks/trusted_ca.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/file.h"
#include "cli/ca_files.h"

namespace cli {
namespace {

using std::chrono::hours;

constexpr hours kLeafValidity{24 * 7};

class Writer {
 public:
  Writer(std::string directory, const LabPlan& plan)
      : directory_(std::move(directory)), plan_(plan) {}

  base::Result<void> write(const tls::Authority& public_root) {
    NewCa spec;
    spec.name = "Sluice lab proxy CA";
    const auto ca = make_ca(spec);
    if (!ca) return base::fail(ca.error());
    put("public-roots.pem", public_root.certificate().pem(), base::FileAccess::kAll);
    put("sluice-ca.pem", ca->certificate().pem(), base::FileAccess::kAll);
    put_key("sluice-ca.key", ca->key());
    put_leaf("listener", *ca, {kLabProxy, "localhost", "127.0.0.1", "::1"});
    if (!plan_.registry.empty()) put_leaf("registry", public_root, {kLabRegistry});
    const std::string token = make_token();
    put("admin-token", token, base::FileAccess::kOwner);
    put("sluice.yaml", proxy_config(token), base::FileAccess::kOwner);
    if (!plan_.http_proxy_config.empty()) put_http_proxy_config(ca->certificate().pem());
    return std::move(done_);
  }

 private:
  // After a failure nothing more is written.
  void put(const std::string& name, std::string_view text, base::FileAccess access) {
    if (done_) done_ = base::replace_file(path(name), text, access);
  }

  void put_key(const std::string& name, const tls::PrivateKey& key) {
    std::string pem = key.pem();
    put(name, pem, base::FileAccess::kOwner);
    tls::wipe(pem);
  }

  void put_leaf(const std::string& name, const tls::Authority& authority,
                std::vector<std::string> names) {
    const auto key = tls::PrivateKey::generate();
    if (!key) return fail(key.error());
    const base::WallTime now = base::wall_now();
    const auto leaf =
        authority.issue({std::move(names), now - hours(1), now + kLeafValidity}, *key);
    if (!leaf) return fail(leaf.error());
    put(name + ".pem", leaf->chain.front().pem(), base::FileAccess::kAll);
    put_key(name + ".key", *key);
  }

  static std::string make_token() {
    constexpr char kDigits[] = "0123456789abcdef";
    constexpr size_t kLength = 32;
    std::random_device random;
    std::string token;
    while (token.size() < kLength) token += kDigits[random() % 16];
    return token;
  }

  const std::vector<std::string>& addresses_of(const std::string& name) const {
    return name == kLabRegistry && !plan_.registry.empty() ? plan_.registry : plan_.addresses;
  }

  // A proxy that lets exactly these names through, and resolves them by itself.
  std::string proxy_config(const std::string& token) const {
    const std::string ports =
        std::to_string(plan_.tls_port) + ", " + std::to_string(plan_.http_port);
    std::string text =
        "# Made by `sluice lab origins`.\nadmin:\n  token: " + token +
        "\npolicy:\n  default_action: deny\n  connect_ports: [" + std::to_string(plan_.tls_port) +
        "]\n  rules:\n    - name: aks-endpoints\n      action: allow\n      ports: [" + ports +
        "]\n      addresses: " + list(all_addresses()) + "\n      hosts:\n";
    for (const std::string& name : plan_.names) text += "        - " + name + "\n";
    text += "dns:\n  hosts:\n";
    for (const std::string& name : plan_.names) {
      text += "    - {name: " + name + ", addresses: " + list(addresses_of(name)) + "}\n";
    }
    text += "tls:\n  certificates:\n    - {certificate: " + path("listener.pem") +
            ", key: " + path("listener.key") + "}\n";
    if (plan_.tunnels == LabPlan::Tunnels::kInspected) {
      text += "  connect: inspect\n  ca_certificate: " + path("sluice-ca.pem") +
              "\n  ca_key: " + path("sluice-ca.key") + "\n  origin_roots: [" +
              path("public-roots.pem") + "]\n";
    }
    return text;
  }

  std::vector<std::string> all_addresses() const {
    std::vector<std::string> all = plan_.addresses;
    all.insert(all.end(), plan_.registry.begin(), plan_.registry.end());
    return all;
  }

  // In quotes, since a colon means something to YAML.
  static std::string list(const std::vector<std::string>& items) {
    std::string out;
    for (const std::string& item : items) {
      out += out.empty() ? "[" : ", ";
      base::append_json_string(out, item);
    }
    return out + "]";
  }

  void put_http_proxy_config(const std::string& ca) {
    const auto text = base::read_file(plan_.http_proxy_config, aks::kMaxConfigBytes);
    if (!text) return fail(text.error());
    const aks::ParsedConfig parsed = aks::parse_http_proxy_config(*text);
    if (!parsed.config) {
      return fail({base::ErrorCode::kBadRequest, base::Party::kClient, 0,
                   plan_.http_proxy_config + " is no httpProxyConfig: `sluice aks validate " +
                       plan_.http_proxy_config + "` says why"});
    }
    const auto& written = parsed.config->written;
    put("http-proxy-config.json",
        "{\"httpProxy\": " + aks::json_string(written.http_proxy) +
            ",\n \"httpsProxy\": " + aks::json_string(written.https_proxy) +
            ",\n \"noProxy\": " + list(parsed.config->no_proxy) + ",\n \"trustedCa\": \"" +
            aks::encode_base64(ca) + "\"}\n",
        base::FileAccess::kAll);
  }

  void fail(const base::Error& error) {
    if (done_) done_ = base::fail(error);
  }

  std::string path(const std::string& name) const { return directory_ + "/" + name; }

  std::string directory_;
  const LabPlan& plan_;
  base::Result<void> done_;
};

}  // namespace

base::Result<void> write_lab_files(const std::string& directory, const LabPlan& plan,
                                   const tls::Authority& public_root) {
  return Writer(directory, plan).write(public_root);
}

}  // namespace cli
