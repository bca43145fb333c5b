#include "cli/aks_render_command.h"

#include <memory>
#include <optional>

#include "aks/render/cse.h"
#include "aks/render/effective.h"
#include "aks/render/pac.h"
#include "aks/render/pod.h"
#include "aks/render/templates.h"
#include "cli/aks_render_cluster.h"
#include "cli/aks_render_node.h"
#include "cli/aks_render_run.h"

namespace cli {
namespace {

using aks::Finding;
using aks::render::Format;

constexpr const char* kExamples = R"(Examples:
  sluice aks render effective aks-proxy-config.json --fqdn demo-1a2b.hcp.westeurope.azmk8s.io
  sluice aks render terraform aks-proxy-config.json
  sluice aks render node aks-proxy-config.json facts.json --script
  sluice aks render monitoring aks-proxy-config.json --part settings

What is doubtful about the input is said on standard error. Exit codes: 0 fine, 2 wrong
configuration, 3 a file can't be read or written.)";

struct Flags {
  RenderFlags render;
  bool json = false;
};

enum class Facts { kNone, kUsed };

// A form that is a function of the input alone.
void add_form(Command render, const char* name, const char* description, Facts facts,
              std::optional<std::string> (*make)(const RenderInput&, Format, std::vector<Finding>&),
              const char* json_help, int& exit_code) {
  const Command command = render.add_subcommand(name, description);
  const auto flags = std::make_shared<Flags>();
  if (facts == Facts::kUsed) {
    add_facts_arguments(command, flags->render);
  } else {
    add_config_argument(command, flags->render);
  }
  if (json_help != nullptr) command.add_flag("--json", flags->json, json_help);
  command.callback([flags, facts, make, &exit_code] {
    exit_code =
        run_render(flags->render, [&](const RenderInput& input, std::vector<Finding>& findings) {
          if (facts == Facts::kUsed) aks::render::lint_facts(input.facts, findings);
          return make(input, flags->json ? Format::kJson : Format::kYaml, findings);
        });
  });
}

using Made = std::optional<std::string>;

Made effective(const RenderInput& input, Format format, std::vector<Finding>& /*findings*/) {
  const auto entries = aks::effective_no_proxy(input.config.no_proxy, input.facts);
  return format == Format::kJson ? aks::render::effective_json(entries)
                                 : aks::render::effective_table(entries);
}

Made cli_file(const RenderInput& input, Format /*format*/, std::vector<Finding>& /*findings*/) {
  return aks::render::cli_file(input.config);
}

Made arm(const RenderInput& input, Format /*format*/, std::vector<Finding>& /*findings*/) {
  return aks::render::arm_template(input.config);
}

Made bicep(const RenderInput& input, Format /*format*/, std::vector<Finding>& /*findings*/) {
  return aks::render::bicep_property(input.config);
}

Made terraform(const RenderInput& input, Format /*format*/, std::vector<Finding>& findings) {
  return aks::render::terraform_block(input.config, findings);
}

Made cse(const RenderInput& input, Format format, std::vector<Finding>& findings) {
  aks::render::lint_node_values(input.values, findings);
  const auto variables = aks::render::cse_variables(input.values);
  return format == Format::kJson ? aks::render::cse_json(variables)
                                 : aks::render::cse_shell(variables);
}

Made pod(const RenderInput& input, Format format, std::vector<Finding>& /*findings*/) {
  return aks::render::pod_env(input.values, format);
}

Made pac(const RenderInput& input, Format /*format*/, std::vector<Finding>& /*findings*/) {
  return aks::render::pac_file(input.config, input.facts);
}

}  // namespace

void add_aks_render(Command aks, int& exit_code) {
  const Command render =
      aks.add_subcommand("render", "Write an httpProxyConfig in the form that others read");
  render.needs_subcommand();
  render.footer(kExamples);
  add_form(render, "effective", "noProxy as AKS computes it, and why each entry is there",
           Facts::kUsed, effective, "print the list as JSON", exit_code);
  add_form(render, "cli", "The file of az aks --http-proxy-config", Facts::kNone, cli_file, nullptr,
           exit_code);
  add_form(render, "arm", "The property of an ARM template", Facts::kNone, arm, nullptr, exit_code);
  add_form(render, "bicep", "The property in Bicep", Facts::kNone, bicep, nullptr, exit_code);
  add_form(render, "terraform", "The block of azurerm_kubernetes_cluster", Facts::kNone, terraform,
           nullptr, exit_code);
  add_aks_render_node(render, exit_code);
  add_form(render, "cse", "The variables of a node's bootstrap scripts, PROXY_VARS among them",
           Facts::kUsed, cse, "print the variables as JSON", exit_code);
  add_form(render, "pod", "The six variables as a container's env", Facts::kUsed, pod,
           "print JSON instead of YAML", exit_code);
  add_aks_render_cluster(render, exit_code);
  add_form(render, "pac", "A proxy auto-config file that follows the effective noProxy",
           Facts::kUsed, pac, nullptr, exit_code);
}

}  // namespace cli
