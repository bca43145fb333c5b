// Linked with an llhttp that was compiled without strict mode: the start-up probe has to say so.
#include <cstdio>

#include "http/strictness.h"

int main() {
  const base::Result<void> strict = http::check_parser_strictness();
  if (!strict && strict.error().code == base::ErrorCode::kInternal) return 0;
  std::fputs("the probe takes a loose llhttp for a strict one\n", stderr);
  return 1;
}
