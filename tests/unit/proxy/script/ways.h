// The ways through the proxy on which scripts are played.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/unit/proxy/script/script.h"

namespace proxy::script {

// To an origin a client of HTTP/1.1 brings HTTP/1.1: that is all it is offered.
inline constexpr Setting kRequestWays[] = {
    {"Http1Forward", Setting::Way::kForward, Version::kHttp1, Version::kHttp1, Version::kHttp1},
    {"Http2Forward", Setting::Way::kForward, Version::kHttp2, Version::kHttp2, Version::kHttp1},
    {"Http1ToHttp1", Setting::Way::kInspected, Version::kHttp1, Version::kHttp1, Version::kHttp1},
    {"Http2ToHttp1", Setting::Way::kInspected, Version::kHttp1, Version::kHttp2, Version::kHttp1},
    {"Http2ToHttp2", Setting::Way::kInspected, Version::kHttp1, Version::kHttp2, Version::kHttp2},
    {"InHttp2ToHttp1", Setting::Way::kInspected, Version::kHttp2, Version::kHttp1, Version::kHttp1},
};
inline constexpr Setting kTunnelWays[] = {
    {"Http1Tunnel", Setting::Way::kTunnel, Version::kHttp1, Version::kHttp1, Version::kHttp1},
    {"Http2Tunnel", Setting::Way::kTunnel, Version::kHttp2, Version::kHttp1, Version::kHttp1},
};

inline std::string name_of(const testing::TestParamInfo<Setting>& info) { return info.param.name; }

class Script : public testing::TestWithParam<Setting> {
 protected:
  void play(std::string_view transcript, const config::Config& config = {}) {
    Stage stage(GetParam(), config);
    ASSERT_TRUE(stage.enter());
    script::play(stage, transcript);
  }
};

}  // namespace proxy::script
