#include "aks/pod_injection.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/result.h"

namespace aks {
namespace {

using nlohmann::json;

constexpr const char* kVolume = "sluice-ca";

base::Failure malformed(const std::string& what) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, what);
}

// The member, or nullptr when it is absent or null, which Kubernetes reads alike.
const json* member(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

bool is_named(const json& item, std::string_view name) {
  const json* given = member(item, "name");
  return given != nullptr && given->is_string() && given->get_ref<const std::string&>() == name;
}

// Whether a list of named things, or no list at all, has one called `name`.
bool has_named(const json* list, std::string_view name) {
  return list != nullptr && std::any_of(list->begin(), list->end(),
                                        [name](const json& item) { return is_named(item, name); });
}

// The member as a list: nullptr when there is none. Fails when it is something else.
base::Result<const json*> list_of(const json& object, const char* key) {
  const json* list = member(object, key);
  if (list != nullptr && !list->is_array()) return malformed(std::string(key) + " is no array");
  return list;
}

class Patch {
 public:
  // `change` matters for the CA: a pod that runs gets no new volume, so its ephemeral containers
  // can mount the one that it was created with, or none.
  Patch(const PodInjection& injection, const json& pod, const json* volumes, PodChange change)
      : injection_(injection), volumes_(volumes) {
    if (wants_service_host(pod)) service_host_ = injection.service_host;
    const bool may_mount = change == PodChange::kCreation || has_named(volumes, kVolume);
    if (injection.ca && may_mount) ca_ = &*injection.ca;
  }

  // The containers of spec.`key`, but those that `before` has already.
  base::Result<void> add_containers(const json& spec, const char* key, const json* before) {
    const auto containers = list_of(spec, key);
    if (!containers) return base::fail(containers.error());
    if (*containers == nullptr) return {};
    count_ += (*containers)->size();
    if (count_ > kMaxContainers) {
      return malformed("the pod has more than " + std::to_string(kMaxContainers) + " containers");
    }
    for (size_t i = 0; i < (*containers)->size(); ++i) {
      const json& container = (**containers)[i];
      const std::string path = std::string("/spec/") + key + "/" + std::to_string(i);
      if (!container.is_object()) return malformed(path + " is no object");
      const json* name = member(container, "name");
      const bool old = name != nullptr && name->is_string() &&
                       has_named(before, name->get_ref<const std::string&>());
      if (old) continue;
      if (auto done = add_container(container, path); !done) return done;
    }
    return {};
  }

  // Also adds the volume that new mounts refer to.
  json take() && {
    if (mounted_ && !has_named(volumes_, kVolume)) {
      json volume = {{"name", kVolume},
                     {"configMap", {{"name", ca_->config_map}, {"optional", true}}}};
      add_to_list(volumes_, "/spec/volumes", {std::move(volume)}, Place::kEnd);
    }
    return std::move(operations_);
  }

 private:
  enum class Place { kFront, kEnd };

  // Nothing that a pod says becomes part of a path, so no token needs escaping (RFC 6901 §3).
  void add(std::string path, json value) {
    operations_.push_back({{"op", "add"}, {"path", std::move(path)}, {"value", std::move(value)}});
  }

  void add_to_list(const json* list, const std::string& path, std::vector<json> items,
                   Place place) {
    if (items.empty()) return;
    if (list == nullptr) return add(path, json(std::move(items)));
    for (size_t i = 0; i < items.size(); ++i) {
      const std::string at = place == Place::kFront ? std::to_string(i) : "-";
      add(path + "/" + at, std::move(items[i]));
    }
  }

  base::Result<void> add_container(const json& container, const std::string& path) {
    const auto env = list_of(container, "env");
    if (!env) return base::fail(env.error());
    const auto mounts = list_of(container, "volumeMounts");
    if (!mounts) return base::fail(mounts.error());
    const json* mount = ca_ == nullptr ? nullptr : mount_at(*mounts, ca_->directory);
    // What a container mounts there itself is its own choice, and the CA stays away.
    const bool with_ca = ca_ != nullptr && (mount == nullptr || is_named(*mount, kVolume));

    std::vector<json> missing;
    const auto want = [&missing, env = *env](const std::string& name, const std::string& value) {
      if (!has_named(env, name)) missing.push_back({{"name", name}, {"value", value}});
    };
    for (const PodVariable& variable : injection_.variables) want(variable.name, variable.value);
    if (!service_host_.empty()) want("KUBERNETES_SERVICE_HOST", service_host_);
    if (with_ca) {
      const std::string file = ca_->directory + "/" + ca_->key;
      for (const std::string& name : ca_->variables) want(name, file);
    }
    add_to_list(*env, path + "/env", std::move(missing), Place::kFront);
    if (with_ca && mount == nullptr) add_mount(*mounts, path + "/volumeMounts");
    return {};
  }

  static const json* mount_at(const json* mounts, const std::string& directory) {
    if (mounts == nullptr) return nullptr;
    const auto found =
        std::find_if(mounts->begin(), mounts->end(), [&directory](const json& mount) {
          const json* at = member(mount, "mountPath");
          return at != nullptr && *at == directory;
        });
    return found == mounts->end() ? nullptr : &*found;
  }

  void add_mount(const json* mounts, const std::string& path) {
    mounted_ = true;
    json mount = {{"name", kVolume}, {"mountPath", ca_->directory}, {"readOnly", true}};
    add_to_list(mounts, path, {std::move(mount)}, Place::kEnd);
  }

  const PodInjection& injection_;
  const json* volumes_;
  const CaMount* ca_ = nullptr;
  std::string service_host_;
  json operations_ = json::array();
  size_t count_ = 0;
  bool mounted_ = false;
};

}  // namespace

base::Result<json> pod_patch(const json& pod, const json& before, PodChange change,
                             const PodInjection& injection) {
  const json* spec = member(pod, "spec");
  if (spec == nullptr || !spec->is_object()) return malformed("the pod has no spec");
  const auto volumes = list_of(*spec, "volumes");
  if (!volumes) return base::fail(volumes.error());
  const json* old_spec = member(before, "spec");
  const json* old = old_spec == nullptr ? nullptr : member(*old_spec, "ephemeralContainers");

  Patch patch(injection, pod, *volumes, change);
  const bool creation = change == PodChange::kCreation;
  base::Result<void> done;
  if (creation) done = patch.add_containers(*spec, "containers", nullptr);
  if (done && creation && injection.init_containers) {
    done = patch.add_containers(*spec, "initContainers", nullptr);
  }
  if (done && !creation && injection.ephemeral_containers) {
    done = patch.add_containers(*spec, "ephemeralContainers", old);
  }
  if (!done) return base::fail(done.error());
  return std::move(patch).take();
}

namespace {

const json* annotation(const json& pod, const char* name) {
  const json* metadata = member(pod, "metadata");
  const json* annotations = metadata == nullptr ? nullptr : member(*metadata, "annotations");
  return annotations == nullptr ? nullptr : member(*annotations, name);
}

}  // namespace

bool opts_out(const json& pod) {
  const json* value = annotation(pod, kOptOutAnnotation);
  return value != nullptr && *value == "true";
}

bool wants_service_host(const json& pod) {
  return annotation(pod, kServiceHostAnnotation) != nullptr;
}

}  // namespace aks
