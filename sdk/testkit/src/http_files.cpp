#include "http_files.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "evh/error.hpp"
#include "evh/text.hpp"

namespace evh::testkit {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string, std::less<>>;  // by path below the folder

Files read_files(const fs::path& folder) {
  Files files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.is_symlink()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files[entry.path().lexically_relative(folder)] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return files;
}

}  // namespace

HttpRoute::Handler file_handler(const char* route, const char* folder, const char* fallback) {
  const std::string prefix = route == nullptr ? "" : route;
  const fs::path path = folder == nullptr ? "" : folder;
  if (!prefix.ends_with('/')) throw Error(EVH_INVALID, "the route of files ends with '/', got '" + prefix + "'");
  if (!path.is_absolute() || !fs::is_directory(path)) {
    throw Error(EVH_INVALID, "files are served from an absolute folder that is there, got '" + path.string() + "'");
  }
  Files files = read_files(path);
  if (fallback != nullptr && !files.contains(fallback)) {
    throw Error(EVH_INVALID, "the fallback " + std::string(fallback) + " is not in " + path.string());
  }
  return [files = std::move(files), size = prefix.size(), other = std::string(fallback == nullptr ? "" : fallback)](
             const evh_request& request, const evh_responder& responder) {
    auto found = files.find(view(request.path).substr(size));
    if (found == files.end()) found = files.find(other);
    const bool is_there = found != files.end();
    responder.respond(responder.self, is_there ? 200 : 404, nullptr, 0, str(is_there ? found->second : std::string()));
  };
}

}  // namespace evh::testkit
