# Third parties, all from Debian 12 packages (deploy/packages.txt is the list that `make` installs).
find_package(PkgConfig REQUIRED)
# From 1.44 on uv_backend_timeout is 0 while a watch waits to be told to the kernel (net/loop.cc).
pkg_check_modules(libuv REQUIRED IMPORTED_TARGET libuv>=1.44)
pkg_check_modules(cares REQUIRED IMPORTED_TARGET libcares)
# 1.52 as Debian 12 patches it: with bounds on resets and CONTINUATION frames (http/h2/receiving.cc).
pkg_check_modules(nghttp2 REQUIRED IMPORTED_TARGET libnghttp2>=1.52)
find_package(OpenSSL 3.0 REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Threads REQUIRED)

# llhttp is compiled from the sources that node-llhttp installs, with strict mode on for the parser
# and for everyone who includes its header: the header's default is 0, and a build that loses the
# macro would accept what strict mode refuses (http/strictness.h proves at start-up that it holds).
set(LLHTTP_SOURCE_DIR /usr/share/llhttp CACHE PATH "Where api.c, http.c and llhttp.c are")
set(LLHTTP_INCLUDE_DIR /usr/share/include/llhttp CACHE PATH "Where llhttp.h is")
foreach(source api.c http.c llhttp.c)
  if(NOT EXISTS ${LLHTTP_SOURCE_DIR}/${source})
    message(FATAL_ERROR "${LLHTTP_SOURCE_DIR}/${source} is missing: install the Debian package node-llhttp")
  endif()
endforeach()
add_library(llhttp STATIC ${LLHTTP_SOURCE_DIR}/api.c ${LLHTTP_SOURCE_DIR}/http.c
                          ${LLHTTP_SOURCE_DIR}/llhttp.c)
target_include_directories(llhttp SYSTEM PUBLIC ${LLHTTP_INCLUDE_DIR})
target_compile_definitions(llhttp PUBLIC LLHTTP_STRICT_MODE=1)
