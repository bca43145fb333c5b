# Turns a file into a C++ source that defines `std::string_view <room>::embedded_<file>()`, where
# <file> is the file's name with everything but letters and digits replaced by '_'. Run as
#   cmake -DROOM=… -DINPUT=… -DOUTPUT=… -P embed.cmake
get_filename_component(name ${INPUT} NAME)
string(REGEX REPLACE "[^A-Za-z0-9]" "_" name ${name})
file(READ ${INPUT} hex HEX)
file(SIZE ${INPUT} size)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
file(WRITE ${OUTPUT} "#include <string_view>

namespace ${ROOM} {
namespace {
constexpr char kBytes[] = {
${bytes}'\\0'};
}  // namespace

std::string_view embedded_${name}() { return {kBytes, ${size}}; }

}  // namespace ${ROOM}
")
