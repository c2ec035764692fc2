#include "static_files.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>

#include "evh/error.hpp"
#include "evh/text.hpp"
#include "http_syntax.h"
#include "json_answer.h"
#include "percent_encoding.h"

namespace evh::http_api {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 4096;
constexpr std::uintmax_t kMaxBytes = 64 * 1024 * 1024;
constexpr std::string_view kGzipSuffix = ".gz";

// Pages may load what this server serves and nothing else, and may not be framed.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; "
    "frame-ancestors 'none'; form-action 'self'";

constexpr std::pair<std::string_view, std::string_view> kTypes[] = {{".html", "text/html; charset=utf-8"},
                                                                    {".js", "text/javascript; charset=utf-8"},
                                                                    {".mjs", "text/javascript; charset=utf-8"},
                                                                    {".css", "text/css; charset=utf-8"},
                                                                    {".json", "application/json"},
                                                                    {".map", "application/json"},
                                                                    {".svg", "image/svg+xml"},
                                                                    {".png", "image/png"},
                                                                    {".ico", "image/x-icon"},
                                                                    {".jpg", "image/jpeg"},
                                                                    {".webp", "image/webp"},
                                                                    {".woff2", "font/woff2"},
                                                                    {".txt", "text/plain; charset=utf-8"},
                                                                    {".webmanifest", "application/manifest+json"}};

std::string_view type_of(std::string_view name) {
  for (const auto& [suffix, type] : kTypes) {
    if (name.ends_with(suffix)) return type;
  }
  return "application/octet-stream";
}

// 64-bit FNV-1a: tells contents apart, as an ETag must; no defence against somebody who can write the files.
std::string etag_of(std::string_view content) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char byte : content) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  std::string etag = "\"";
  for (int shift = 60; shift >= 0; shift -= 4) etag.push_back("0123456789abcdef"[(hash >> shift) & 0xF]);
  return etag + "\"";
}

// A bundler's name with the hash of the content, such as index-4f9a2c1b.js: what it names never changes.
bool is_hashed(std::string_view name) {
  constexpr std::size_t kHashSize = 8;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot < kHashSize + 1 || name[dot - kHashSize - 1] != '-') return false;
  const std::string_view hash = name.substr(dot - kHashSize, kHashSize);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return std::ranges::all_of(hash, [&](char c) { return is_digit(c) || is_letter(c); }) &&
         std::ranges::any_of(hash, is_digit);
}

struct File {
  std::string content, etag;
  std::string gzip, gzip_etag;  // other bytes, so another tag (RFC 9110, 8.8.3.3)
  std::string_view type, cache_control;
};

bool accepts_gzip(const evh_request& request) {
  for (std::size_t i = 0; i < request.header_count; ++i) {
    if (!equals_ignoring_case(view(request.headers[i].name), "accept-encoding")) continue;
    std::string_view codings = view(request.headers[i].value);
    while (!codings.empty()) {
      const std::string_view coding = take_list_element(codings);
      const std::size_t semicolon = coding.find(';');
      const std::string_view weight =
          semicolon == std::string_view::npos ? std::string_view{} : trim_whitespace(coding.substr(semicolon + 1));
      const bool refused = weight.starts_with("q=0") && weight.find_first_not_of("0.", 2) == std::string_view::npos;
      if (equals_ignoring_case(trim_whitespace(coding.substr(0, semicolon)), "gzip")) return !refused;
    }
  }
  return false;
}

bool has_current(const evh_request& request, std::string_view etag) {
  for (std::size_t i = 0; i < request.header_count; ++i) {
    if (!equals_ignoring_case(view(request.headers[i].name), "if-none-match")) continue;
    std::string_view tags = view(request.headers[i].value);
    while (!tags.empty()) {
      std::string_view tag = take_list_element(tags);
      if (tag.starts_with("W/")) tag.remove_prefix(2);
      if (tag == etag || tag == "*") return true;
    }
  }
  return false;
}

class StaticFiles {
 public:
  StaticFiles(std::string route, const fs::path& folder, const char* fallback) : route_(std::move(route)) {
    read_all(folder);
    if (fallback == nullptr) return;
    const auto found = files_.find(std::string_view(fallback));
    if (found == files_.end())
      throw Error(EVH_NOT_FOUND, "the fallback " + std::string(fallback) + " is no file in " + folder.string());
    fallback_ = &found->second;
  }

  static void handle(void* self, const evh_request* request, const evh_responder* responder) {
    static_cast<const StaticFiles*>(self)->answer(*request, *responder);
  }

 private:
  void read_all(const fs::path& folder) {
    std::error_code problem;
    fs::recursive_directory_iterator entries(folder, problem);
    if (problem) throw Error(EVH_NOT_FOUND, "cannot read the folder " + folder.string() + ": " + problem.message());
    std::uintmax_t bytes = 0;
    for (const fs::directory_entry& entry : entries) {
      if (!entry.is_regular_file() || entry.is_symlink()) continue;
      bytes += entry.file_size();
      if (bytes > kMaxBytes || files_.size() >= kMaxFiles)
        throw Error(EVH_INVALID, "the folder " + folder.string() + " is too large to be served from memory");
      std::ifstream stream(entry.path(), std::ios::binary);
      std::string content{std::istreambuf_iterator<char>(stream), {}};
      if (!stream) throw Error(EVH_UNAVAILABLE, "cannot read " + entry.path().string());
      add(entry.path().lexically_relative(folder).generic_string(), std::move(content));
    }
    pair_with_gzipped();
  }

  void add(std::string name, std::string content) {
    const std::string_view cache = is_hashed(name) ? "public, max-age=31536000, immutable" : "no-cache";
    File file;
    file.etag = etag_of(content);
    file.content = std::move(content);
    file.type = type_of(name);
    file.cache_control = cache;
    files_.emplace(std::move(name), std::move(file));
  }

  void pair_with_gzipped() {
    for (auto entry = files_.begin(); entry != files_.end();) {
      const std::string& name = entry->first;
      const auto plain =
          name.ends_with(kGzipSuffix) ? files_.find(name.substr(0, name.size() - kGzipSuffix.size())) : files_.end();
      if (plain == files_.end()) {
        ++entry;
        continue;
      }
      plain->second.gzip = std::move(entry->second.content);
      plain->second.gzip_etag = std::move(entry->second.etag);
      entry = files_.erase(entry);
    }
  }

  const File* find(std::string_view request_path) const {
    const auto path = decode_path(request_path);
    if (!path || !path->starts_with(route_)) return fallback_;
    std::string name = path->substr(route_.size());
    if (name.empty() || name.ends_with('/')) name += "index.html";
    const auto found = files_.find(name);
    return found == files_.end() ? fallback_ : &found->second;
  }

  void answer(const evh_request& request, const evh_responder& responder) const {
    const File* file = find(view(request.path));
    if (file == nullptr) return respond_error(responder, {404, "not found", {}});
    const bool gzipped = !file->gzip.empty() && accepts_gzip(request);
    const std::string_view etag = gzipped ? file->gzip_etag : file->etag;
    std::array<evh_header, 7> headers{};
    std::size_t count = 0;
    headers[count++] = {str("Content-Type"), str(file->type)};
    headers[count++] = {str("ETag"), str(etag)};
    headers[count++] = {str("Cache-Control"), str(file->cache_control)};
    headers[count++] = {str("X-Content-Type-Options"), str("nosniff")};
    headers[count++] = {str("Content-Security-Policy"), str(kContentSecurityPolicy)};
    if (!file->gzip.empty()) headers[count++] = {str("Vary"), str("Accept-Encoding")};
    if (gzipped) headers[count++] = {str("Content-Encoding"), str("gzip")};
    const bool current = has_current(request, etag);
    responder.respond(responder.self, current ? 304 : 200, headers.data(), count,
                      current ? str("") : str(gzipped ? file->gzip : file->content));
  }

  const std::string route_;  // as the request's path has it
  std::map<std::string, File, std::less<>> files_;
  const File* fallback_ = nullptr;
};

}  // namespace

void mount_static_files(Router& router, const char* route, const char* folder, const char* fallback) {
  const std::string_view path = route == nullptr ? "" : route;
  if (!path.ends_with('/'))
    throw Error(EVH_INVALID, "the route of files must end with '/', got '" + std::string(path) + "'");
  if (folder == nullptr || !fs::path(folder).is_absolute())
    throw Error(EVH_INVALID, "the folder of " + std::string(path) + " must be an absolute path");
  const auto files = std::make_shared<StaticFiles>(std::string(path), fs::path(folder), fallback);
  router.mount("GET", path, EVH_ROUTE_QUICK, &StaticFiles::handle, files.get(), files);
}

}  // namespace evh::http_api
