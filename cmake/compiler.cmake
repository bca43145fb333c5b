# Warnings are errors, with both compilers; hardening as in docs/design/README.md.
add_library(sluice_flags INTERFACE)
target_compile_options(sluice_flags INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough -Wnull-dereference)
if(NOT SLUICE_UNITY)
  # Of files that are compiled as one, a local name may be a neighbour's.
  target_compile_options(sluice_flags INTERFACE -Wshadow)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports paths through inlined std::variant, std::string and coroutine frames that can't be
  # taken (GCC bugs 105562, 105651); clang's leg keeps the useful part of these warnings.
  target_compile_options(sluice_flags INTERFACE
    -Wno-null-dereference -Wno-maybe-uninitialized -Wno-restrict -Wno-dangling-pointer)
  if(SLUICE_UNITY)
    # Nor what it says of std::string that was precompiled; the build of each file alone has these.
    target_compile_options(sluice_flags INTERFACE -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
  if(SLUICE_UNITY AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    # Nor anything of files that are optimised together, where it reports frees that there are not: a
    # user's first build must not fail of them.
    target_compile_options(sluice_flags INTERFACE -w)
  endif()
endif()

# Hardening, for our code and for llhttp alike. Everything is built for a position-independent
# executable: CMake's own switch would give libraries -fPIC, with which GCC must expect a function to be
# replaced at load time and does not inline it. All symbols are bound at start (-z now), so a call into
# a shared library needs no PLT stub (-fno-plt).
add_compile_options(-fPIE -fstack-protector-strong -fno-omit-frame-pointer -fno-plt)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  add_compile_options(-fcf-protection)
endif()
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT SLUICE_SANITIZE)
  add_compile_definitions(_FORTIFY_SOURCE=2)
endif()
add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack)

# Quicker builds where the tools are there; neither changes how the program behaves.
if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(SLUICE_CCACHE ccache DOC "Compiler cache, used when found")
  if(SLUICE_CCACHE)
    # By content, not by place: checkouts share what they have in common. (Paths in debug information are
    # then those of whichever checkout compiled first. The sloppiness is what precompiled headers need.)
    set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${SLUICE_CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
  endif()
endif()
foreach(linker mold lld)
  find_program(SLUICE_LINKER_${linker} ld.${linker} DOC "Linker, used when found")
  if(SLUICE_LINKER_${linker})
    add_link_options(-fuse-ld=${linker})
    break()
  endif()
endforeach()

if(SLUICE_SANITIZE)
  # The vptr check opens a pipe to see whether memory is readable, and so raises a false alarm in the
  # tests that run out of descriptors.
  add_compile_options(-fsanitize=${SLUICE_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND SLUICE_SANITIZE MATCHES "thread")
    # GCC 12 takes the copy of a short string for one beyond its buffer here, as in GCC bug 105651.
    add_compile_options(-Wno-array-bounds -Wno-stringop-overflow)
  endif()
  add_link_options(-fsanitize=${SLUICE_SANITIZE})
endif()
if(SLUICE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "SLUICE_FUZZ needs clang: use the preset `fuzz`, or set CMAKE_CXX_COMPILER")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(SLUICE_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
if(SLUICE_TIDY)
  find_program(SLUICE_CLANG_TIDY NAMES clang-tidy-16 clang-tidy-19 clang-tidy REQUIRED)
endif()
