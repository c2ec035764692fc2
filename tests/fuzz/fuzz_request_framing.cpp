// Feeds a connection's bytes whole, byte by byte and in pieces of the input's choice: all must come out the same. What
// was accepted must say again, written in one fixed way, what it said.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "framing_feed.h"
#include "http_syntax.h"
#include "response_head.h"

namespace {

using evh::http_api::append_chunk;
using evh::http_api::equals_ignoring_case;
using evh::http_api::kLastChunk;
using evh::http_api::RequestLimits;
using evh::http_api::test::feed_byte_by_byte;
using evh::http_api::test::feed_split;
using evh::http_api::test::feed_whole;
using evh::http_api::test::FramedRequest;
using evh::http_api::test::Outcome;

constexpr RequestLimits kTight{
    .head_bytes = 200, .header_count = 6, .target_bytes = 40, .body_bytes = 64, .chunk_overhead_bytes = 64};

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// In the strictest form: one space behind each colon, one chunk.
std::string rewritten(const FramedRequest& request) {
  std::string out = request.method + " " + request.target + " HTTP/1." + std::to_string(request.minor_version) + "\r\n";
  bool chunked = false;
  std::size_t lengths = 0;
  for (const auto& [name, value] : request.headers) {
    out += name + ": " + value + "\r\n";
    if (equals_ignoring_case(name, "transfer-encoding")) {
      chunked = true;
      ++lengths;
    }
    if (equals_ignoring_case(name, "content-length")) {
      ++lengths;
      require(std::strtoull(value.c_str(), nullptr, 10) == request.body.size(), "Content-Length is not the body's");
    }
  }
  require(lengths <= 1, "two lengths in an accepted request");
  require(lengths == 1 || request.body.empty(), "a body without a length");
  out += "\r\n";
  if (!chunked) return out + request.body;
  append_chunk(out, request.body);
  return out.append(kLastChunk);
}

void require_same_meaning(FramedRequest request, const RequestLimits& limits) {
  RequestLimits roomy = limits;  // "a:b" becomes "a: b"
  roomy.head_bytes += limits.header_count;
  const std::string text = rewritten(request);
  const Outcome again = feed_whole(text, roomy);
  require(again.requests.size() == 1 && again.left == 0, "an accepted request, rewritten, is not accepted");
  request.consumed = text.size();
  require(again.requests.front() == request, "an accepted request, rewritten, says something else");
}

}  // namespace

// One byte: limits and number of cuts; as many bytes: the pieces' sizes; the rest: what arrives.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const RequestLimits limits = (data[0] & 0x80) != 0 ? kTight : RequestLimits{};
  const std::size_t cut_count = std::min<std::size_t>(data[0] & 0x0f, size - 1);
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1 + cut_count, size - 1 - cut_count);
  std::vector<std::size_t> cuts;
  for (std::size_t cut = 0, offset = 0; cut < cut_count; ++cut) {
    offset = std::min<std::size_t>(offset + data[1 + cut], bytes.size());
    cuts.push_back(offset);
  }

  const Outcome whole = feed_whole(bytes, limits);
  require(whole.kept_its_promises, "consumed past the buffer, or wanted more than buffer_bytes()");
  require(feed_split(bytes, cuts, limits) == whole, "the outcome depends on the split");
  require(feed_byte_by_byte(bytes, limits) == whole, "the outcome depends on the split into single bytes");
  for (const FramedRequest& request : whole.requests) require_same_meaning(request, limits);
  return 0;
}
