#include "cli/healthcheck_command.h"

#include <iostream>
#include <memory>

#include "base/units.h"
#include "cli/exit_code.h"
#include "cli/load_config.h"
#include "proxy/admin/health.h"

namespace cli {
namespace {

constexpr int kOk = 200;

constexpr const char* kExamples = R"(Examples:
  sluice healthcheck                            asks where the configuration says: admin.probes, else admin.listen
  sluice healthcheck --address 127.0.0.1:3130   asks there
  sluice healthcheck --path /livez              whether it lives (admin.probes), though it may drain

Exit codes: 0 it answers 200, 1 it does not, 2 wrong usage or configuration.)";

struct Flags {
  ConfigOptions config;
  std::string address;
  std::string path = "/readyz";
  std::string timeout = "2s";
};

// Who listens everywhere is asked on loopback: the IPv4 one, which a listener of [::] has too, and
// containers without IPv6.
base::Endpoint reachable(base::Endpoint endpoint) {
  const std::string address = endpoint.address.to_string();
  if (address == "0.0.0.0" || address == "::") {
    endpoint.address = *base::IpAddress::parse("127.0.0.1");
  }
  return endpoint;
}

// nullopt, with `exit_code` set and the reason printed, when there is nobody to ask.
std::optional<base::Endpoint> find_endpoint(const Flags& flags, int& exit_code) {
  if (!flags.address.empty()) {
    const auto endpoint = base::Endpoint::parse(flags.address);
    if (endpoint) return *endpoint;
    exit_code = complain("--address " + flags.address + " is no address and port", kWrongUsage);
    return std::nullopt;
  }
  const auto config = load_config(flags.config, std::cerr, exit_code);
  if (!config) return std::nullopt;
  const config::Admin& admin = config->admin;
  if (admin.probes) return reachable(*admin.probes);
  if (admin.listen) return reachable(*admin.listen);
  exit_code = complain("nobody answers: admin.probes and admin.listen are off", kCheckFailed);
  return std::nullopt;
}

int ask(const Flags& flags) {
  const auto timeout = base::parse_duration(flags.timeout);
  if (!timeout) {
    return complain("--timeout " + flags.timeout + " is no duration; expected one such as 2s",
                    kWrongUsage);
  }
  if (!flags.path.starts_with('/')) {
    return complain("--path " + flags.path + " has to begin with /", kWrongUsage);
  }
  int exit_code = 0;
  const auto endpoint = find_endpoint(flags, exit_code);
  if (!endpoint) return exit_code;
  const auto status = proxy::admin::ask_health(*endpoint, flags.path, *timeout);
  if (!status) return complain(status.error().detail, kCheckFailed);
  if (*status == kOk) return 0;
  return complain(
      "http://" + endpoint->to_string() + flags.path + " answers " + std::to_string(*status),
      kCheckFailed);
}

}  // namespace

void add_healthcheck_command(Command app, int& exit_code) {
  const Command command =
      app.add_subcommand("healthcheck", "Ask a running proxy whether it is ready");
  const auto flags = std::make_shared<Flags>();
  add_config_file_option(command, flags->config);
  command.add_option("--address", flags->address,
                     "ADDRESS:PORT to ask, whatever the configuration says");
  command.add_option("--path", flags->path, "what to ask for").shows_default();
  command.add_option("--timeout", flags->timeout, "for the answer").shows_default();
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = ask(*flags); });
}

}  // namespace cli
