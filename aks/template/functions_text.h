// Functions of ARM templates on text. Each takes its operands, which it may move from, and gives
// nullopt when they are not what it takes.
#pragma once

#include <optional>
#include <vector>

#include "aks/template/functions.h"

namespace aks::arm {

std::optional<Value> base64(std::vector<Value>& operands);
std::optional<Value> base64_to_string(std::vector<Value>& operands);
std::optional<Value> ends_with(std::vector<Value>& operands);
std::optional<Value> format(std::vector<Value>& operands);
std::optional<Value> join(std::vector<Value>& operands);
std::optional<Value> json(std::vector<Value>& operands);
std::optional<Value> replace(std::vector<Value>& operands);
std::optional<Value> split(std::vector<Value>& operands);
std::optional<Value> starts_with(std::vector<Value>& operands);
std::optional<Value> string_value(std::vector<Value>& operands);
std::optional<Value> to_lower(std::vector<Value>& operands);
std::optional<Value> to_upper(std::vector<Value>& operands);
std::optional<Value> trim(std::vector<Value>& operands);

// The text of a string, number or boolean as ARM puts it into another ("True" for true).
std::optional<std::string> text_in(const Value& value);

}  // namespace aks::arm
