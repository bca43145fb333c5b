// Reads one HTTP response as an origin of ours and a proxy before it send it: a head, then a body
// of Content-Length octets of the pattern. Knows nothing of the parser under test.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace load {

class ReplyReader {
 public:
  enum class Body : std::uint8_t {
    kPattern,  // Content-Length octets of the pattern
    kNone,     // the head alone: a 2xx to CONNECT (RFC 9110 §9.3.6)
  };
  void expect(Body body, std::uint64_t length);

  enum class State : std::uint8_t { kMore, kDone, kWrong };
  // Takes octets as they come; none may follow the end. The reason of kWrong stands in fault().
  State take(std::string_view octets);

  const char* fault() const { return fault_; }
  // Whether the sender closes after this response.
  bool closes() const { return closes_; }

 private:
  State take_body(std::string_view octets);
  State read_head();
  State wrong(const char* fault);

  std::string head_;
  Body body_ = Body::kNone;
  std::uint64_t length_ = 0;  // what Content-Length must say
  std::uint64_t offset_ = 0;  // of the body
  bool in_body_ = false;
  bool closes_ = false;
  const char* fault_ = "";
};

}  // namespace load
