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
  sluice_embed(${name} ${ARG_EMBED})
  sluice_visible_rooms(sluice_${name} ${name} ${ARG_ROOMS})
  list(TRANSFORM ARG_ROOMS PREPEND sluice_)
  target_link_libraries(sluice_${name} PRIVATE sluice_flags PUBLIC ${ARG_ROOMS} ${ARG_LIBS} Threads::Threads)
  if(SLUICE_SANITIZE)
    # Parsed once a room, which saves a third of its compilation, and of clang-tidy's time. The optimised
    # build goes without: it finds a file that lacks an #include of its own, and GCC 12, which reports
    # impossible bounds inside precompiled std::string, keeps those warnings.
    target_precompile_headers(sluice_${name} PRIVATE <algorithm> <array> <chrono> <functional> <map>
      <memory> <optional> <span> <string> <string_view> <unordered_map> <utility> <vector>)
  endif()
  # What works on text takes no octets apart, and the checks of each pointer for null, alignment and
  # extent, most of which AddressSanitizer's cover, are a third of its compilation. Clang's leg has them.
  # (A target's options follow the directory's, so that this takes back what compiler.cmake gave.)
  if(SLUICE_SANITIZE MATCHES undefined AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU"
     AND name MATCHES "^(config|aks|check|cli)$")
    target_compile_options(sluice_${name} PRIVATE -fno-sanitize=null,alignment,object-size)
  endif()
  if(SLUICE_TIDY)
    set_target_properties(sluice_${name} PROPERTIES CXX_CLANG_TIDY "${SLUICE_CLANG_TIDY};--quiet")
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
