#include "proxy/inspect/exemption.h"

#include "config/host_pattern.h"

namespace proxy::inspect {

std::string_view token_of(Exemption exemption) {
  switch (exemption) {
    case Exemption::kNone: return "";
    case Exemption::kListed: return "listed";
    case Exemption::kApiServer: return "api-server";
    case Exemption::kClientCertificate: return "client-certificate";
    case Exemption::kPinned: return "pinned";
    case Exemption::kNotTls: return "not-tls";
  }
  return "";
}

std::string_view reason_of(Exemption exemption) {
  switch (exemption) {
    case Exemption::kNone: return "";
    case Exemption::kListed: return "it is in tls.passthrough";
    case Exemption::kApiServer: return "it is an AKS API server, whose clients trust no other CA";
    case Exemption::kClientCertificate: return "the origin asks for a client certificate";
    case Exemption::kPinned: return "the client has rejected our certificate before";
    case Exemption::kNotTls: return "the client speaks no TLS";
  }
  return "";
}

Exemption exempt_by_name(const config::Tls& config, std::string_view host) {
  if (config::matches_any_host(config.passthrough, host)) return Exemption::kListed;
  if (config::matches_host("*.azmk8s.io", host) && !config::matches_any_host(config.force, host)) {
    return Exemption::kApiServer;
  }
  return Exemption::kNone;
}

std::string pinned_key(const base::IpAddress& client, std::string_view name) {
  return client.unmapped().to_string() + " " + std::string(name);
}

std::string origin_key(const http::Authority& dialled, const http::Authority& origin) {
  return dialled.to_string() + " " + origin.to_string();
}

bool Memory::note(const std::string& key, base::Instant now, base::Instant until) {
  const bool is_new = !has(key, now);
  if (!is_new) {
    entries_.erase(by_key_.at(key));
    by_key_.erase(key);
  }
  if (entries_.size() >= kMaxKeys) {
    by_key_.erase(entries_.front().key);
    entries_.pop_front();
  }
  entries_.push_back({key, until});
  by_key_.emplace(key, std::prev(entries_.end()));
  return is_new;
}

bool Memory::has(const std::string& key, base::Instant now) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return false;
  if (now < found->second->until) return true;
  entries_.erase(found->second);
  by_key_.erase(found);
  return false;
}

}  // namespace proxy::inspect
