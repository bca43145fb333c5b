#include "watch/misroute_table.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/escape.h"
#include "base/rfc3339.h"
#include "http/target.h"

namespace watch {
namespace {

using nlohmann::ordered_json;

std::string text_of(base::WallTime time) {
  std::string text;
  base::append_rfc3339(text, time);
  return text;
}

ordered_json to_json(const MisrouteRow& row) {
  const http::Authority destination{row.host, base::IpAddress::parse(row.host), row.port};
  return {{"client", row.key.client.to_string()},
          {"user_agent", base::printable(row.key.user_agent)},
          {"kind", aks::token_of(row.key.misroute.kind)},
          {"entry", base::printable(row.key.misroute.entry)},
          {"count", row.count},
          {"first", text_of(row.first)},
          {"last", text_of(row.last)},
          {"destination", destination.to_string()},
          {"readers", base::printable(aks::readers_of(row.key.misroute, row.host))},
          {"fix", base::printable(aks::fix_of(row.key.misroute, row.host))}};
}

// Sums rows with the same key; the latest destination stays.
std::vector<MisrouteRow> sum(std::vector<MisrouteRow> rows) {
  std::map<MisrouteRow::Key, MisrouteRow> sums;
  for (MisrouteRow& row : rows) {
    const auto [at, is_new] = sums.try_emplace(row.key, row);
    if (is_new) continue;
    MisrouteRow& known = at->second;
    known.count += row.count;
    known.first = std::min(known.first, row.first);
    if (row.last > known.last) {
      known.last = row.last;
      known.host = std::move(row.host);
      known.port = row.port;
    }
  }
  rows.clear();
  for (auto& [key, row] : sums) rows.push_back(std::move(row));
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  return rows;
}

}  // namespace

void MisrouteTable::forget_one() {
  const auto most =
      std::max_element(rows_of_.begin(), rows_of_.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  const auto least_recent = std::find_if(rows_.rbegin(), rows_.rend(), [&](const MisrouteRow& row) {
    return row.key.client == most->first;
  });
  if (--most->second == 0) rows_of_.erase(most);
  index_.erase(least_recent->key);
  rows_.erase(std::next(least_recent).base());
  ++evicted_;
}

void MisrouteTable::note(MisrouteRow::Key key, std::string_view host, std::uint16_t port,
                         base::WallTime now, std::size_t limit) {
  key.user_agent.resize(std::min(key.user_agent.size(), kMaxUserAgent));
  const auto found = index_.find(key);
  if (found != index_.end()) {
    rows_.splice(rows_.begin(), rows_, found->second);
  } else {
    while (rows_.size() >= std::max<std::size_t>(limit, 1)) forget_one();
    ++rows_of_[key.client];
    rows_.push_front(MisrouteRow{key, 0, now, now, "", 0});
    index_.emplace(std::move(key), rows_.begin());
  }
  MisrouteRow& row = rows_.front();
  ++row.count;
  row.last = now;
  row.host = host;
  row.port = port;
}

std::string misroutes_json(const std::vector<std::string>& no_proxy, std::vector<MisrouteRow> rows,
                           std::uint64_t evicted, std::size_t limit) {
  ordered_json list = ordered_json::array();
  rows = sum(std::move(rows));
  const std::size_t hidden = rows.size() > limit ? rows.size() - limit : 0;
  for (std::size_t i = 0; i < rows.size() - hidden; ++i) list.push_back(to_json(rows[i]));
  const ordered_json document = {{"enabled", !no_proxy.empty()},
                                 {"no_proxy", no_proxy},
                                 {"evicted", evicted},
                                 {"hidden", hidden},
                                 {"rows", std::move(list)}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace watch
