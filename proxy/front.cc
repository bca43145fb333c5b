#include "proxy/front.h"

namespace proxy {

std::string_view name_of(Stage stage) {
  switch (stage) {
    case Stage::kRequest: return "request";
    case Stage::kExchange: return "exchange";
    case Stage::kTunnel: return "tunnel";
    case Stage::kClosing: return "closing";
    case Stage::kOver: return "over";
  }
  return "over";
}

Shown row_of(const AccessRecord& record, Stage stage) {
  Shown row;
  row.id = record.id;
  row.client = record.client;
  row.stage = stage;
  row.method = record.method;
  row.target = record.target;
  row.rule = record.rule;
  row.bytes_in = record.bytes_in;
  row.bytes_out = record.bytes_out;
  row.age = std::chrono::duration_cast<std::chrono::milliseconds>(base::wall_now() - record.time);
  return row;
}

}  // namespace proxy
