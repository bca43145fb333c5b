# A room is a folder with one static library. It is compiled with an include directory that holds
# links to the rooms it may use and to nothing else, so that a wrong #include does not build; and it
# is linked with their libraries alone.

function(sluice_visible_rooms target)
  set(view ${CMAKE_BINARY_DIR}/rooms/${target})
  file(MAKE_DIRECTORY ${view})
  # A room taken off the list must go out of sight in a build directory that exists already.
  file(GLOB links LIST_DIRECTORIES true ${view}/*)
  foreach(room ${ARGN})
    list(REMOVE_ITEM links ${view}/${room})
  endforeach()
  if(links)
    file(REMOVE ${links})  # symbolic links: what they point to stays
  endif()
  foreach(room ${ARGN})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${room} ${view}/${room} SYMBOLIC)
  endforeach()
  target_include_directories(${target} PRIVATE ${view})
endfunction()

# Where SLUICE_UNITY is on, up to eight files of a target are compiled as one, which reads the headers
# that they share once. Which ones, cmake/unity_groups.py says, again whenever one of them has changed.
# The optimised build compiles each file alone, and so finds a missing #include.
function(sluice_unity target)
  if(NOT SLUICE_UNITY)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources EXCLUDE REGEX "^${CMAKE_BINARY_DIR}/")
  execute_process(COMMAND ${SLUICE_PYTHON} ${CMAKE_SOURCE_DIR}/cmake/unity_groups.py ${CMAKE_SOURCE_DIR} 8 ${sources}
    OUTPUT_VARIABLE groups OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "\n" ";" groups "${groups}")
  while(groups)
    list(POP_FRONT groups file group)
    set_source_files_properties(${file} PROPERTIES UNITY_GROUP ${group})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endwhile()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Which takes every name of an anonymous namespace for one of a header here.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()

# Compiles files of a room into its library as bytes; cmake/embed.cmake says how code names them.
function(sluice_embed name)
  foreach(input ${ARGN})
    set(output ${CMAKE_BINARY_DIR}/embedded/${input}.cc)
    add_custom_command(OUTPUT ${output}
      COMMAND ${CMAKE_COMMAND} -DROOM=${name} -DINPUT=${CMAKE_SOURCE_DIR}/${input} -DOUTPUT=${output}
              -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
      DEPENDS ${CMAKE_SOURCE_DIR}/${input} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
      COMMENT "Embedding ${input}" VERBATIM)
    target_sources(sluice_${name} PRIVATE ${output})
    # Bytes need no lint; clang-tidy wants at least one check, so it gets one that can't apply.
    file(WRITE ${CMAKE_BINARY_DIR}/embedded/.clang-tidy "Checks: '-*,misc-definitions-in-headers'\n")
  endforeach()
endfunction()

# The room's definition of what base/version.h declares, looked at in each build.
function(sluice_version name)
  set(output ${CMAKE_BINARY_DIR}/version.cc)
  add_custom_target(version BYPRODUCTS ${output} COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR}
    -DOUTPUT=${output} -DVERSION=${PROJECT_VERSION} -DCOMMIT=${SLUICE_COMMIT}
    -P ${CMAKE_SOURCE_DIR}/cmake/version.cmake COMMENT "Naming the commit" VERBATIM)
  set_source_files_properties(${output} PROPERTIES GENERATED ON SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(sluice_${name} PRIVATE ${output})
  add_dependencies(sluice_${name} version)
endfunction()

# sluice_room(NAME [ROOMS …] [LIBS …] [EMBED FILES…]): the library of a folder's sources, without
# main.cc, which sluice_program links.
function(sluice_room name)
  cmake_parse_arguments(ARG "" "" "ROOMS;LIBS;EMBED" ${ARGN})
  set(SLUICE_ROOMS_OF_${name} ${ARG_ROOMS} PARENT_SCOPE)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${name}/*.cc)
  list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/${name}/main.cc)
  if(NOT sources)
    add_library(sluice_${name} INTERFACE)
    return()
  endif()
  add_library(sluice_${name} STATIC ${sources})
  sluice_unity(sluice_${name})
  sluice_embed(${name} ${ARG_EMBED})
  sluice_visible_rooms(sluice_${name} ${name} ${ARG_ROOMS})
  list(TRANSFORM ARG_ROOMS PREPEND sluice_)
  target_link_libraries(sluice_${name} PRIVATE sluice_flags PUBLIC ${ARG_ROOMS} ${ARG_LIBS} Threads::Threads)
  if(SLUICE_UNITY OR SLUICE_SANITIZE)
    # Parsed once a room, which saves a third of its compilation, and of clang-tidy's time. The build of
    # each file alone goes without: it finds one that lacks an #include of its own, and GCC 12, which
    # reports impossible bounds inside precompiled std::string, keeps those warnings.
    target_precompile_headers(sluice_${name} PRIVATE <algorithm> <array> <chrono> <functional> <map>
      <memory> <optional> <span> <string> <string_view> <unordered_map> <utility> <vector>)
  endif()
  set(on_text NO)
  if(name MATCHES "^(config|aks|check|cli)$")
    set(on_text YES)
  endif()
  # Nor is it on the way of anybody's octets.
  if(on_text AND SLUICE_UNITY AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_compile_options(sluice_${name} PRIVATE -O1)
  endif()
  # What works on text takes no octets apart, and the checks of each pointer for null, alignment and
  # extent, most of which AddressSanitizer's cover, are a third of its compilation. Clang's leg has them.
  # (A target's options follow the directory's, so that this takes back what compiler.cmake gave.)
  if(on_text AND SLUICE_SANITIZE MATCHES undefined AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(sluice_${name} PRIVATE -fno-sanitize=null,alignment,object-size)
  endif()
  if(SLUICE_TIDY)
    set_target_properties(sluice_${name} PROPERTIES CXX_CLANG_TIDY
      "${SLUICE_PYTHON};-B;${CMAKE_SOURCE_DIR}/cmake/tidy.py;${SLUICE_CLANG_TIDY};${CMAKE_CXX_COMPILER};--quiet")
    # No fuzz target runs this room, so that without tests it is compiled to be read only.
    if(NOT SLUICE_TESTS AND name STREQUAL "cli")
      target_compile_options(sluice_${name} PRIVATE -O0 -fno-sanitize=all)
    endif()
  endif()
endfunction()

# sluice_program(TARGET FOLDER SOURCES FILES… ROOMS … [LIBS …]): an executable that sees its folder
# and the rooms named.
function(sluice_program target folder)
  cmake_parse_arguments(ARG "" "" "ROOMS;LIBS;SOURCES" ${ARGN})
  add_executable(${target} ${ARG_SOURCES})
  sluice_visible_rooms(${target} ${folder} ${ARG_ROOMS})
  list(TRANSFORM ARG_ROOMS PREPEND sluice_)
  target_link_libraries(${target} PRIVATE sluice_flags ${ARG_ROOMS} ${ARG_LIBS})
endfunction()

# sluice_gtest(TARGET NAME LABEL): the tests of a GoogleTest program as four tests of ctest, NAME.1 to
# NAME.4, which share them out: one process for a quarter of the tests, where one for each test would
# spend most of its time on starting. What fails is printed; `--gtest_filter` runs one alone.
function(sluice_gtest target name label)
  set(shards 4)
  foreach(shard RANGE 1 ${shards})
    math(EXPR index "${shard} - 1")
    add_test(NAME ${name}.${shard} COMMAND ${target} --gtest_brief=1)
    set_tests_properties(${name}.${shard} PROPERTIES TIMEOUT 300 LABELS ${label}
      ENVIRONMENT "GTEST_TOTAL_SHARDS=${shards};GTEST_SHARD_INDEX=${index}")
  endforeach()
endfunction()
