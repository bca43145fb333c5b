// The parts of find_sites: one function for each kind of document. Each returns whether the
// document is of its kind, and appends what it finds.
#pragma once

#include <string>
#include <vector>

#include "aks/config_site.h"
#include "aks/template/deployment.h"

namespace aks::sites {

// What the functions work on.
struct Search {
  Sites& sites;
  std::vector<Finding>& findings;
  const GivenParameters& given;
  const config::Node& document;  // all of it, for what refers to each other
  arm::Budget budget{};
};

// An ARM template: "$schema" says so, or it has resources.
bool find_in_template(const config::Node& root, const std::string& path, Search& search);

// A file of parameters of a template: values that look like a configuration, or hold one.
bool find_in_parameters(const config::Node& root, const std::string& path, Search& search);

// What `bicep build-params --stdout` prints: {"parametersJson": TEXT, "templateJson": TEXT}.
bool find_in_build_params(const config::Node& root, Search& search);

// `terraform show -json`, of a plan or a state.
bool find_in_terraform(const config::Node& root, Search& search);

// Objects of Kubernetes: AzureManagedControlPlane (CAPZ), ManagedCluster (ASO), lists of them.
bool find_in_manifest(const config::Node& root, const std::string& path, Search& search);

// What Azure prints of clusters that exist.
bool find_in_shown(const config::Node& root, Search& search);

// Evaluates one configuration of a template and adds it with its notes; null adds nothing but a
// note. Returns whether a configuration was added.
bool add_evaluated(const config::Node& config, ConfigSite site, const arm::Deployment& deployment,
                   Search& search);

// Appends the members of one object to another.
void add_members(config::Node& to, config::Node from);

// Appends a warning that there is nothing to look at, at the document's beginning.
void report_absent(const config::Node& root, const std::string& path, std::string message,
                   Search& search);

// Adds what stands around a configuration, which `shown` has in Azure's names; returns its index.
size_t add_cluster(const config::Node& properties, const std::string& path, ShownCluster shown,
                   Search& search);

// Keeps a value that is in no document; the reference holds as long as the sites do.
const config::Node& keep(config::Node node, Search& search);

}  // namespace aks::sites
