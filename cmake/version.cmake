# Writes base/version.h's definitions, and leaves the file alone where they have not changed. Run as
#   cmake -DSOURCE=… -DOUTPUT=… -DVERSION=… -DCOMMIT=… -P version.cmake
# with the commit to name, or none to ask git. It is the only file that a new commit compiles again.
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND git -C ${SOURCE} show -s --format=%cs HEAD
  OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT COMMIT)
  execute_process(COMMAND git -C ${SOURCE} rev-parse --short=12 HEAD
    OUTPUT_VARIABLE COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  execute_process(COMMAND git -C ${SOURCE} status --porcelain --untracked-files=no
    OUTPUT_VARIABLE changes ERROR_QUIET)
  if(NOT COMMIT)
    set(COMMIT unknown)
  elseif(changes)
    string(APPEND COMMIT "+")
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT "#include \"base/version.h\"

namespace base {

std::string_view version() { return \"@VERSION@\"; }

std::string_view commit() { return \"@COMMIT@\"; }

std::string_view commit_date() { return \"@date@\"; }

#ifdef __clang__
std::string_view compiler() { return __VERSION__; }
#else
std::string_view compiler() { return \"GCC \" __VERSION__; }
#endif

}  // namespace base
")
