// Functions of ARM templates on lists and objects. Each takes its operands, which it may move from,
// and gives nullopt when they are not what it takes or when the unknown among them decides.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "aks/template/functions.h"

namespace aks::arm {

std::optional<Value> array_of(std::vector<Value>& operands);
std::optional<Value> concat(std::vector<Value>& operands);
std::optional<Value> contains(std::vector<Value>& operands);
std::optional<Value> create_array(std::vector<Value>& operands);
std::optional<Value> create_object(std::vector<Value>& operands);
std::optional<Value> empty(std::vector<Value>& operands);
std::optional<Value> first(std::vector<Value>& operands);
std::optional<Value> last(std::vector<Value>& operands);
std::optional<Value> length(std::vector<Value>& operands);
std::optional<Value> range(std::vector<Value>& operands);
std::optional<Value> shallow_merge(std::vector<Value>& operands);
std::optional<Value> try_get(std::vector<Value>& operands);
std::optional<Value> union_of(std::vector<Value>& operands);

// container.key or container[key]; null when there is none and `otherwise` is kNull, else nullopt.
enum class Missing { kUnknown, kNull };
std::optional<Value> element_of(Value container, const Value& key, Missing otherwise);

}  // namespace aks::arm
