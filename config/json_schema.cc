#include "config/json_schema.h"

#include "config/fields.h"

namespace config {

std::string json_schema() {
  Config defaults;
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "sluice.yaml: the configuration of the Sluice egress proxy"}};
  schema.update(schema_of(fields_of(defaults)));
  schema["type"] = Json::array({"object", "null"});
  return schema.dump(2) + "\n";
}

}  // namespace config
