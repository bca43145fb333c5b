#include "tests/faults/failing.h"

#include "tests/unit/proxy/script/stage.h"

namespace faults {
namespace {

// Of the one thread that plays scripts; the log's writer has its own, in which nothing fails.
thread_local Kind failing = Kind::kNone;
thread_local unsigned left = 0;
thread_local unsigned counted = 0;

}  // namespace

void fail(Kind kind, unsigned number) {
  failing = kind;
  left = number;
  counted = 0;
}

unsigned stop() {
  failing = Kind::kNone;
  return counted;
}

bool is_due(Kind kind) {
  if (failing != kind || !proxy::script::proxy_runs) return false;
  ++counted;
  return left-- == 0;
}

}  // namespace faults
