// Findings as tests compare them.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "aks/finding.h"
#include "tests/support/directory.h"

namespace aks_test {

// "error $.noProxy[0] no-proxy-url", one for each finding.
inline std::vector<std::string> brief(const std::vector<aks::Finding>& findings) {
  std::vector<std::string> out;
  for (const aks::Finding& each : findings)
    out.push_back(std::string(aks::token_of(each.severity)) + " " + each.path + " " + each.rule);
  return out;
}

// The messages, a line each.
inline std::string messages(const std::vector<aks::Finding>& findings) {
  std::string out;
  for (const aks::Finding& each : findings) out += each.message + "\n";
  return out;
}

// A document of tests/corpus/aks/.
inline std::string corpus(const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(tests::directory() + "/corpus/aks/" + name).rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

}  // namespace aks_test
