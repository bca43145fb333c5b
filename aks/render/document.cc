#include "aks/render/document.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/ascii.h"
#include "config/yaml_words.h"

namespace aks::render {
namespace {

using nlohmann::ordered_json;

// Letters, digits and "-_./" that begin with a letter: never a number, a date or an indicator.
bool is_plain(std::string_view text) {
  if (text.empty() || !base::is_alpha(text.front())) return false;
  if (config::is_yaml_word(text)) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return base::is_alpha(c) || base::is_digit(c) ||
           std::string_view("-_./").find(c) != std::string_view::npos;
  });
}

// Printable ASCII in lines, the last one ended, the first not indented: what a literal block keeps.
bool is_block(std::string_view text) {
  if (text.size() < 2 || !text.ends_with('\n') || text.ends_with("\n\n")) return false;
  if (text.front() == ' ' || text.front() == '\n') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); });
}

// A double-quoted scalar is a JSON string but for characters outside the BMP, which JSON may write
// as two surrogates and YAML may not; they, and all of UTF-8 that YAML counts as printable, stay as
// they are. C1 controls, U+2028, U+2029 and U+FEFF are escaped.
std::string quoted(const std::string& text) {
  const std::string json = ordered_json(text).dump();
  std::string out;
  for (size_t i = 0; i < json.size(); ++i) {
    const std::string_view rest = std::string_view(json).substr(i);
    const auto second = static_cast<unsigned char>(rest.size() > 1 ? rest[1] : 0);
    if (rest.starts_with("\xc2") && second < 0xa0) {
      constexpr char kHex[] = "0123456789abcdef";
      out += std::string("\\x") + kHex[second >> 4] + kHex[second & 15];
      i += 1;
    } else if (rest.starts_with("\xe2\x80\xa8") || rest.starts_with("\xe2\x80\xa9")) {
      out += rest[2] == '\xa8' ? "\\L" : "\\P";
      i += 2;
    } else if (rest.starts_with("\xef\xbb\xbf")) {
      out += "\\uFEFF";
      i += 2;
    } else if (rest.front() == '\x7f') {
      out += "\\x7f";
    } else {
      out += rest.front();
    }
  }
  return out;
}

void write(const ordered_json& value, size_t indent, std::string& out);

void write_scalar(const ordered_json& value, size_t indent, std::string& out) {
  if (!value.is_string()) {
    out += " " + value.dump() + "\n";  // numbers, true, false, null, {} and []
    return;
  }
  const auto& text = value.get_ref<const std::string&>();
  if (!is_block(text)) {
    out += " " + (is_plain(text) ? text : quoted(text)) + "\n";
    return;
  }
  out += " |\n";
  for (size_t start = 0; start < text.size();) {
    const size_t end = text.find('\n', start);
    if (end > start) out += std::string(indent, ' ') + text.substr(start, end - start);
    out += '\n';
    start = end + 1;
  }
}

bool is_block_collection(const ordered_json& value) {
  return value.is_structured() && !value.empty();
}

void write_member(const ordered_json& value, size_t indent, std::string& out) {
  if (is_block_collection(value)) {
    out += '\n';
    write(value, indent, out);
  } else {
    write_scalar(value, indent, out);
  }
}

// An element's first line follows its dash: "- name: x".
void write_element(const ordered_json& value, size_t indent, std::string& out) {
  out += std::string(indent, ' ') + "-";
  if (!is_block_collection(value)) return write_scalar(value, indent + 2, out);
  std::string inner;
  write(value, indent + 2, inner);
  out += " " + inner.substr(indent + 2);
}

void write_key(const std::string& key, size_t indent, std::string& out) {
  constexpr size_t kLongest = 1024;  // before a colon on its line (YAML 1.2, 7.4.2)
  const std::string blanks(indent, ' ');
  out += key.size() <= kLongest ? blanks + key + ":" : blanks + "? " + key + "\n" + blanks + ":";
}

void write(const ordered_json& value, size_t indent, std::string& out) {
  if (value.is_array()) {
    for (const ordered_json& element : value) write_element(element, indent, out);
    return;
  }
  for (const auto& [key, member] : value.items()) {
    write_key(is_plain(key) ? key : quoted(key), indent, out);
    write_member(member, indent + 2, out);
  }
}

}  // namespace

std::string print(const ordered_json& value, Format format) {
  if (format == Format::kJson) return value.dump(2) + "\n";
  std::string out;
  if (is_block_collection(value)) {
    write(value, 0, out);
    return out;
  }
  write_scalar(value, 2, out);
  return out.substr(1);
}

std::string print_all(const std::vector<ordered_json>& values, Format format) {
  if (format == Format::kJson) {
    if (values.size() == 1) return print(values.front(), format);
    return print({{"apiVersion", "v1"}, {"kind", "List"}, {"items", values}}, format);
  }
  std::string out;
  for (const ordered_json& value : values)
    out += (out.empty() ? "" : "---\n") + print(value, format);
  return out;
}

}  // namespace aks::render
