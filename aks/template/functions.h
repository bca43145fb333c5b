// The functions of ARM templates that need no deployment, as far as templates use them around
// httpProxyConfig. Values are the nodes of documents.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"

namespace aks::arm {

using Value = config::Node;

Value make_text(std::string text);
Value make_boolean(bool value);
Value make_null();
Value make_number(size_t value);

// nullopt unless the value is a whole number, written as such, below ten million.
std::optional<size_t> number_of(const Value& value);

// Whether a part of the value is unknown (aks::is_unknown).
bool has_unknown(const Value& value);

// Calls the function with operands, which it uses up and which may hold unknown parts. nullopt when
// the result is unknown: because the function is not among those known here, because its operands
// are not of the types that it takes, or because what it needs of them is unknown.
std::optional<Value> call_function(std::string_view name, std::vector<Value>&& operands);

}  // namespace aks::arm
