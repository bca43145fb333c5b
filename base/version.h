// Which Sluice this is: what --version, build info and the access log's readers see.
#pragma once

#include <string_view>

namespace base {

// The release, as in "0.1.0"; CMakeLists.txt is where it stands.
std::string_view version();

// The commit that was built, in 12 hex digits, with "+" behind it where files differed from it;
// "unknown" where there was neither a repository nor -DSLUICE_COMMIT=….
std::string_view commit();

// The day of that commit, as in "2026-11-30"; "" where there was no repository to ask.
std::string_view commit_date();

// What compiled it, as in "GCC 12.2.0".
std::string_view compiler();

}  // namespace base
