// The keys of `tls`.
#include "config/fields.h"
#include "config/scalars_addresses.h"
#include "config/scalars_names.h"
#include "config/scalars_numbers.h"

namespace config {
namespace {

using namespace std::chrono_literals;

std::vector<Field> certificate_fields(CertificateFiles& c) {
  return {
      scalar("certificate", c.certificate, file_path(),
             {"The chain as PEM, the server's own certificate first.", "/etc/sluice/tls.crt"})
          .required(),
      scalar("key", c.key, file_path(), {"The key as PEM.", "/etc/sluice/tls.key"}).required(),
  };
}

Scalar<Connect> connect() {
  return choice<Connect>(
      {{"tunnel", Connect::kTunnel}, {"peek", Connect::kPeek}, {"inspect", Connect::kInspect}});
}

Scalar<Uninspected> uninspected(const char* tunnel) {
  return choice<Uninspected>({{"refuse", Uninspected::kRefuse}, {tunnel, Uninspected::kTunnel}});
}

void add_listeners(std::vector<Field>& out, Tls& t) {
  out.push_back(list(
      "tls.listen", t.listen, listener(),
      {"Where clients connect with TLS, as for an https:// proxy URL.", R"(["0.0.0.0:3130"])"}));
  out.push_back(
      records("tls.certificates", t.certificates, certificate_fields,
              {"What these listeners show, chosen by the name that a client asks for; the "
               "first where none fits. Read again when the files change.",
               R"([{"certificate": "/etc/sluice/tls.crt", "key": "/etc/sluice/tls.key"}])"}));
  out.push_back(scalar("tls.client_authorities", t.client_authorities, file_or_off(),
                       {"Authorities (PEM) of clients' certificates; off asks for none.",
                        "/etc/sluice/clients-ca.pem"}));
  out.push_back(scalar("tls.client_revocations", t.client_revocations, file_or_off(),
                       {"Revocation lists (PEM) of these authorities, one of each that issued a "
                        "certificate of a client's chain; off checks none.",
                        "/etc/sluice/clients-crl.pem"}));
  out.push_back(scalar("tls.client_certificates", t.client_certificates,
                       choice<ClientCertificates>({{"optional", ClientCertificates::kOptional},
                                                   {"required", ClientCertificates::kRequired}}),
                       {"Whether a client without a certificate is served, where there are "
                        "client_authorities.",
                        "optional"}));
  out.push_back(
      scalar("tls.http2", t.http2, boolean(),
             {"Whether these listeners offer HTTP/2, for CONNECT in streams. Go's net/http "
              "takes it and then can't ask for http:// URLs, undici hangs.",
              "true"}));
}

void add_inspection(std::vector<Field>& out, Tls& t) {
  out.push_back(scalar("tls.ca_certificate", t.ca_certificate, file_or_off(),
                       {"The inspection CA (`sluice ca init`), or off for no inspection.",
                        "/etc/sluice/sluice-ca.pem"}));
  out.push_back(scalar("tls.ca_key", t.ca_key, file_or_off(),
                       {"Its key, mode 0600.", "/etc/sluice/sluice-ca.key"}));
  out.push_back(
      scalar("tls.connect", t.connect, connect(),
             {"What becomes of an allowed CONNECT unless its rule says otherwise.", "inspect"}));
  out.push_back(
      list("tls.passthrough", t.passthrough, host_pattern(),
           {"Names that are never inspected, whatever rules say.", R"([".bank.example.com"])"}));
  out.push_back(list("tls.force", t.force, host_pattern(),
                     {"Names that are inspected although they belong to what never is: API servers "
                      "(*.azmk8s.io), and origins that ask for client certificates.",
                      R"(["demo.hcp.westeurope.azmk8s.io"])"}));
  out.push_back(scalar("tls.pinned", t.pinned, uninspected("passthrough"),
                       {"What becomes of later connections of a client that rejected our "
                        "certificate for a name.",
                        "passthrough"}));
  out.push_back(scalar("tls.exempt_for", t.exempt_for, duration(1s, 7 * 24h),
                       {"How long such a client, or an origin that asks for certificates, is "
                        "remembered.",
                        "1h"}));
  out.push_back(scalar("tls.not_tls", t.not_tls, uninspected("tunnel"),
                       {"What becomes of a tunnel to be inspected in which the client speaks no "
                        "TLS.",
                        "tunnel"}));
  out.push_back(scalar("tls.not_http", t.not_http, uninspected("tunnel"),
                       {"What becomes of a tunnel to be inspected in which the client offers other "
                        "protocols by ALPN and no HTTP. Many servers don't mind what is offered: "
                        "with tunnel, a client can get by unread with a made-up name.",
                        "tunnel"}));
  out.push_back(
      scalar("tls.refusals", t.refusals,
             choice<Refusals>({{"status", Refusals::kStatus}, {"inside", Refusals::kInside}}),
             {"How a CONNECT is refused that tls.connect: inspect would inspect: by the "
              "status of its answer, of which most clients show no more than the reason "
              "phrase; or inside TLS, by a page that says all, with a certificate made "
              "for the name.",
              "inside"}));
  out.push_back(list("tls.origin_roots", t.origin_roots, file_path(),
                     {"Authorities of origins beside the system's: PEM files or directories.",
                      R"(["/etc/sluice/corporate-roots.pem"])"}));
  out.push_back(scalar("tls.leaf_validity", t.leaf_validity, duration(1h, 7 * 24h),
                       {"How long a certificate made for a name is valid, at most.", "24h"}));
  out.push_back(scalar("tls.leaf_entries", t.leaf_entries, count(16, 1'000'000),
                       {"Certificates remembered by each worker.", "4096"}));
  out.push_back(
      scalar("tls.resumption", t.resumption, boolean(),
             {"Whether inspected clients get session tickets: one that comes back is spared "
              "the certificate; a new connection takes us a fifth more.",
              "true"}));
  out.push_back(list("tls.warm", t.warm, host_name(),
                     {"Names whose certificates are made at start.", R"(["mcr.microsoft.com"])"}));
  out.push_back(list("tls.strip_fields", t.strip_fields, field_name(),
                     {"Fields of inspected responses that don't reach the client: with Alt-Svc it "
                      "would leave for QUIC.",
                      R"(["Alt-Svc"])"}));
}

}  // namespace

void add_tls(std::vector<Field>& out, Tls& t) {
  add_listeners(out, t);
  add_inspection(out, t);
}

}  // namespace config
