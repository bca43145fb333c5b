// Programs that ask for each URL of their command line, one after the other, whatever comes of it.
#pragma once

namespace check {

extern const char kUrllibScript[];
extern const char kRequestsScript[];
extern const char kHttpxScript[];
extern const char kRubyScript[];
extern const char kNodeScript[];
extern const char kFetchScript[];
extern const char kGoScript[];
extern const char kJavaScript[];

}  // namespace check
