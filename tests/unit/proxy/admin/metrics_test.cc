#include "proxy/admin/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/unit/proxy/admin/exposition.h"

namespace proxy::admin {
namespace {

using testing::HasSubstr;

std::string text_of(std::span<const Metrics* const> workers, const ProcessFacts& facts = {}) {
  base::TextFormat out;
  write_metrics(out, workers, facts);
  return std::move(out).text();
}

std::string text_of(const Metrics& metrics, const ProcessFacts& facts = {}) {
  const Metrics* workers[] = {&metrics};
  return text_of(workers, facts);
}

TEST(Metrics, AreValidPrometheusText) {
  Metrics metrics;
  metrics.dns_time.observe(1'500);
  metrics.dns_time.observe(99'000'000);
  ProcessFacts facts;
  facts.version = "0.1.0";
  const Exposition exposition = read_exposition(text_of(metrics, facts));
  EXPECT_THAT(exposition.complaints, testing::IsEmpty());
  for (const char* family :
       {"sluice_connections_accepted_total", "sluice_errors_total", "sluice_dns_seconds",
        "sluice_connect_seconds", "sluice_first_byte_seconds", "process_cpu_seconds_total"}) {
    EXPECT_TRUE(exposition.types.contains(family)) << family;
  }
}

TEST(Metrics, AreSummedOverWorkers) {
  Metrics first;
  Metrics second;
  bump(first.connections_accepted, 2);
  bump(second.connections_accepted, 3);
  bump(first.requests[static_cast<size_t>(SessionKind::kTunnel)]);
  bump(second.responses[2], 7);
  first.connect_time.observe(10);
  second.connect_time.observe(20);
  const Metrics* workers[] = {&first, &second};
  const Exposition exposition = read_exposition(text_of(workers));
  EXPECT_EQ(exposition.samples.at("sluice_workers"), "2");
  EXPECT_EQ(exposition.samples.at("sluice_connections_accepted_total"), "5");
  EXPECT_EQ(exposition.samples.at("sluice_requests_total{kind=\"tunnel\"}"), "1");
  EXPECT_EQ(exposition.samples.at("sluice_responses_total{class=\"2xx\"}"), "7");
  EXPECT_EQ(exposition.samples.at("sluice_connect_seconds_count"), "2");
  EXPECT_EQ(exposition.samples.at("sluice_connect_seconds_sum"), "0.00003");
}

TEST(Metrics, NameEveryErrorCauseAtAnyTime) {
  Metrics metrics;
  bump(metrics.errors[static_cast<size_t>(base::ErrorCode::kDnsNotFound)]);
  const Exposition exposition = read_exposition(text_of(metrics));
  for (size_t i = 0; i < kErrorCodes; ++i) {
    const auto token = base::token_of(static_cast<base::ErrorCode>(i));
    const auto series = "sluice_errors_total{cause=\"" + std::string(token) + "\"}";
    EXPECT_EQ(exposition.samples.at(series), token == "dns_not_found" ? "1" : "0");
  }
}

TEST(Metrics, HaveTheSameSeriesWhateverHappens) {
  Metrics idle;
  Metrics busy;
  for (std::uint64_t us = 1; us < 10'000'000'000; us *= 3) busy.first_byte_time.observe(us);
  for (auto& counter : busy.errors) bump(counter, 9);
  EXPECT_EQ(read_exposition(text_of(idle)).samples.size(),
            read_exposition(text_of(busy)).samples.size());
}

TEST(Metrics, EscapeLabelValues) {
  ProcessFacts facts;
  facts.version = "1\"2\\3\n4";
  EXPECT_THAT(text_of(Metrics(), facts), HasSubstr(R"(version="1\"2\\3\n4")"));
}

TEST(Metrics, TellProcessFactsOfTheOperatingSystem) {
  const Exposition exposition = read_exposition(text_of(Metrics()));
  for (const char* name : {"process_resident_memory_bytes", "process_virtual_memory_bytes",
                           "process_open_fds", "process_max_fds", "process_threads"}) {
    EXPECT_GT(std::stoull(exposition.samples.at(name)), 0U) << name;
  }
  // After 2020-09-13 and not in the future.
  const double start = std::stod(exposition.samples.at("process_start_time_seconds"));
  EXPECT_GT(start, 1.6e9);
  EXPECT_LE(start, static_cast<double>(::time(nullptr)) + 1);
}

struct BucketCase {
  std::uint64_t us;
  size_t bucket;
};

TEST(Histogram, PutsADurationIntoTheFirstBucketThatHoldsIt) {
  constexpr BucketCase kCases[] = {{0, 0},
                                   {1, 0},
                                   {1'000, 0},
                                   {1'001, 1},
                                   {2'000, 1},
                                   {2'001, 2},
                                   {4'000, 2},
                                   {4'001, 3},
                                   {65'536'000, 16},
                                   {65'536'001, 17},
                                   {~std::uint64_t{0}, 17}};
  for (const BucketCase& c : kCases) {
    Histogram histogram;
    histogram.observe(c.us);
    for (size_t i = 0; i < Histogram::kBuckets; ++i) {
      EXPECT_EQ(histogram.buckets[i].load(), i == c.bucket ? 1U : 0U) << c.us << " in " << i;
    }
  }
}

}  // namespace
}  // namespace proxy::admin
