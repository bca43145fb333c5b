#include "aks/audit/json_items.h"

#include <nlohmann/json.hpp>
#include <vector>

namespace aks::audit {
namespace {

using nlohmann::json;

// Builds values from nlohmann's events, which come without recursion. An element of the root's
// "items" is handed over when it is complete and leaves a null behind.
class Builder : public nlohmann::json_sax<json> {
 public:
  explicit Builder(const std::function<void(const json&)>& each) : each_(each) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t&) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t&) override { return false; }  // no text has these
  bool key(string_t& value) override {
    key_ = std::move(value);
    return true;
  }
  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    at_ = position;
    return false;
  }

  json take() { return std::move(root_); }
  const std::string& problem() const { return problem_; }
  std::size_t position() const { return at_; }

 private:
  bool refuse(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }

  bool is_item() const { return stack_.size() == 2 && stack_.back() == items_; }

  bool put(json value) { return place(std::move(value)) != nullptr; }

  // Where the value ended up; nullptr when a limit is exceeded.
  json* place(json value) {
    if (++values_ > kMaxItemValues) {
      refuse("an object has more than " + std::to_string(kMaxItemValues) + " values");
      return nullptr;
    }
    if (stack_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    json& parent = *stack_.back();
    if (!parent.is_array()) return &(parent[key_] = std::move(value));
    if (is_item()) {
      values_ = 1;
      parent.clear();  // the item before it has been handed over
      if (++count_ > kMaxItems) {
        refuse("the list has more than " + std::to_string(kMaxItems) + " items");
        return nullptr;
      }
    }
    parent.push_back(std::move(value));
    return &parent.back();
  }

  bool open(json value) {
    const bool is_list = stack_.size() == 1 && value.is_array() && key_ == "items";
    json* placed = place(std::move(value));
    if (placed == nullptr) return false;
    stack_.push_back(placed);
    if (is_list) items_ = placed;
    if (stack_.size() <= kMaxItemDepth) return true;
    return refuse("it nests deeper than " + std::to_string(kMaxItemDepth) + " levels");
  }

  bool close() {
    json* closed = stack_.back();
    stack_.pop_back();
    if (is_item()) each_(*closed);
    if (closed == items_) {
      closed->clear();
      items_ = nullptr;
      values_ = 1;
    }
    return true;
  }

  const std::function<void(const json&)>& each_;
  json root_;
  json* items_ = nullptr;  // the list whose elements are handed over, while it is open
  std::vector<json*> stack_;
  std::string key_;
  std::size_t values_ = 0;
  std::size_t count_ = 0;
  std::size_t at_ = 0;
  std::string problem_;
};

base::Failure refuse(const std::string& what) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, what);
}

}  // namespace

base::Result<json> read_items(std::string_view text, const std::function<void(const json&)>& each) {
  Builder builder(each);
  if (!json::sax_parse(text, &builder)) {
    if (!builder.problem().empty()) return refuse(builder.problem());
    if (builder.position() > text.size()) return refuse("the JSON ends in the middle");
    return refuse("it is no JSON from octet " + std::to_string(builder.position()) + " on");
  }
  json root = builder.take();
  if (!root.is_object()) return refuse("the JSON is no object");
  return root;
}

}  // namespace aks::audit
