#include "watch/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "aks/learned_file.h"
#include "base/file.h"

namespace watch {
namespace {

using nlohmann::json;
using testing::HasSubstr;

config::Config watching(std::vector<std::string> no_proxy) {
  config::Config config;
  config.misroutes.no_proxy = std::move(no_proxy);
  return config;
}

// Workers that look at once.
proxy::Observatory::Visit visit(unsigned workers) {
  return [workers](const std::function<void(unsigned)>& look) {
    for (unsigned i = 0; i < workers; ++i) look(i);
    return std::size_t{workers};
  };
}

std::string see(const proxy::Observer& observer, unsigned worker, const std::string& host) {
  proxy::AccessRecord record;
  record.client = *base::Endpoint::parse("192.0.2.7:50000");
  record.verdict = proxy::policy::Verdict::kAllow;
  const http::Authority target{host, base::IpAddress::parse(host), 443};
  return observer.see(worker, {record, target, proxy::policy::Kind::kConnect, {}, "curl/8"});
}

std::string metrics_of(const Watch& watch) {
  base::TextFormat out;
  watch.write_metrics(out);
  return std::move(out).text();
}

TEST(Watch, WatchesNothingWithoutAListOrAFile) {
  const auto watch = Watch::open({}).value();
  watch->start(1, visit(1));
  EXPECT_FALSE(watch->observer({})->watches());
  EXPECT_FALSE(json::parse(watch->misroutes_json())["enabled"]);
  watch->stop();
  watch->finish();
}

TEST(Watch, CountsAndShowsMisroutesOfAllWorkers) {
  const auto watch = Watch::open({}).value();
  watch->start(2, visit(2));
  const auto observer = watch->observer(watching({"example.com"}));
  EXPECT_TRUE(observer->watches());
  EXPECT_EQ(see(*observer, 0, "a.example.com"), "listed:example.com");
  EXPECT_EQ(see(*observer, 1, "a.example.com"), "listed:example.com");
  EXPECT_EQ(see(*observer, 1, "x.svc"), "in-cluster");
  EXPECT_EQ(see(*observer, 1, "example.org"), "");
  const json shown = json::parse(watch->misroutes_json());
  EXPECT_EQ(shown["no_proxy"], json({"example.com"}));
  ASSERT_EQ(shown["rows"].size(), 2U);
  EXPECT_EQ(shown["rows"][0]["count"], 2);
  EXPECT_EQ(shown["rows"][0]["user_agent"], "curl/8");
  const std::string text = metrics_of(*watch);
  EXPECT_THAT(text, HasSubstr("sluice_misroutes_total{kind=\"listed\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("sluice_misroutes_total{kind=\"in-cluster\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("sluice_misroutes_total{kind=\"resolved\"} 0\n"));
}

TEST(Watch, JudgesEachRequestByTheListOfItsConfiguration) {
  const auto watch = Watch::open({}).value();
  watch->start(1, visit(1));
  const auto before = watch->observer(watching({"before.test"}));
  const auto after = watch->observer(watching({"after.test"}));
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(see(*before, 0, "before.test"), "listed:before.test");
    EXPECT_EQ(see(*after, 0, "before.test"), "");
    EXPECT_EQ(see(*after, 0, "after.test"), "listed:after.test");
  }
}

TEST(Watch, WritesWhatWorkersLearnedAtTheEnd) {
  const std::string file = testing::TempDir() + "watch_test." + std::to_string(::getpid());
  config::Config config;
  config.learn.file = file;
  {
    const auto watch = Watch::open(config).value();
    watch->start(2, visit(2));
    const auto observer = watch->observer(config);
    EXPECT_TRUE(observer->watches());
    see(*observer, 0, "a.test");
    see(*observer, 1, "b.test");
    watch->stop();
    watch->finish();
  }
  const auto learned =
      aks::parse_learned(base::read_file(file, aks::kMaxLearnedBytes).value(), 1000);
  ASSERT_TRUE(learned) << learned.error().detail;
  EXPECT_EQ(learned->destinations().size(), 2U);
  std::filesystem::remove(file);
}

TEST(Watch, DoesNotOpenWithAFileOfAnotherKind) {
  const std::string file = testing::TempDir() + "watch_test.other." + std::to_string(::getpid());
  ASSERT_TRUE(base::replace_file(file, "precious", base::FileAccess::kOwner));
  config::Config config;
  config.learn.file = file;
  const auto watch = Watch::open(config);
  ASSERT_FALSE(watch);
  EXPECT_THAT(watch.error().detail, HasSubstr(file));
  EXPECT_EQ(base::read_file(file, 100).value(), "precious");
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace watch
