#include "tests/unit/proxy/script/voice.h"

#include "tests/unit/proxy/script/http1_voice.h"
#include "tests/unit/proxy/script/http2_voice.h"

namespace proxy::script {

Body Body::parse(std::string_view text) {
  constexpr std::string_view kMore = "...";
  if (text.ends_with(kMore)) {
    return {std::string(text.substr(0, text.size() - kMore.size())), std::nullopt};
  }
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {std::string(text), text.size()};
  return {std::string(text.substr(colon + 1)), std::stoul(std::string(text.substr(0, colon)))};
}

std::string Message::text() const {
  std::string out = start;
  if (!body.empty() || state != State::kWhole) out += ' ';
  out += body;
  if (state == State::kComing) out += "...";
  if (state == State::kCut) out += '!';
  return out;
}

std::unique_ptr<Voice> make_raw_voice(std::unique_ptr<net::Stream> stream) {
  return std::make_unique<Http1Voice>(std::move(stream), Http1Voice::Speech::kOctets);
}

std::unique_ptr<Voice> make_voice(Voice::Version version, bool client,
                                  std::unique_ptr<net::Stream> stream) {
  if (version == Voice::Version::kHttp1) return std::make_unique<Http1Voice>(std::move(stream));
  return std::make_unique<Http2Voice>(client, std::move(stream));
}

}  // namespace proxy::script
