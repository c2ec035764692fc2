#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "framing_expect.h"
#include "random_seed.h"

namespace evh::http_api::test {
namespace {

constexpr RequestLimits kLimits{
    .head_bytes = 400, .header_count = 8, .target_bytes = 60, .body_bytes = 200, .chunk_overhead_bytes = 200};

struct Sample {
  std::string bytes;
  FramedRequest request;
};

// Valid requests within kLimits, with the reading they must have.
class Samples {
 public:
  explicit Samples(std::mt19937_64& random) : random_(random) {}

  Sample next() {
    Sample sample;
    FramedRequest& request = sample.request;
    const std::vector<std::string> methods = {"GET", "POST", "DELETE", "X-Y"};
    request.method = methods[below(methods.size())];
    request.path = "/" + text("ab/%.", 10);
    request.query = text("ab=&?", 10);
    const bool has_query = !request.query.empty() || chance(5);
    request.target = request.path + (has_query ? "?" + request.query : "");
    request.minor_version = chance(4) ? 0 : 1;
    request.host = text("ab.", 6);
    for (std::size_t empty = chance(5) ? below(5) : 0; empty > 0; --empty) sample.bytes += "\r\n";
    sample.bytes += request.method + " " + request.target + " HTTP/1." + std::to_string(request.minor_version) + "\r\n";
    add_header(sample, "Host", request.host);
    for (std::size_t more = below(4); more > 0; --more) add_header(sample, "X" + text("ab-_", 6), text("ab,:\xe4", 12));
    request.keep_alive = request.minor_version == 1;
    if (chance(4)) {
      request.keep_alive = !request.keep_alive;
      add_header(sample, "Connection", request.keep_alive ? "keep-alive" : "close");
    }
    add_body(sample);
    request.consumed = sample.bytes.size();
    return sample;
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }
  bool chance(std::size_t one_in) { return below(one_in) == 0; }

  std::string text(std::string_view alphabet, std::size_t most) {
    std::string out(below(most + 1), '\0');
    for (char& byte : out) byte = alphabet[below(alphabet.size())];
    return out;
  }

  void add_header(Sample& sample, const std::string& name, const std::string& value) {
    sample.request.headers.emplace_back(name, value);
    sample.bytes += name + ":" + text(" \t", 2) + value + text(" \t", 2) + "\r\n";
  }

  void add_body(Sample& sample) {
    std::string& body = sample.request.body;
    const std::size_t kind = below(sample.request.minor_version == 1 ? 3 : 2);
    if (kind == 0) {
      sample.bytes += "\r\n";
    } else if (kind == 1) {
      body = text("{}\r\n0G", 100);
      add_header(sample, "Content-Length", std::to_string(body.size()));
      sample.bytes += "\r\n" + body;
    } else {
      add_header(sample, "Transfer-Encoding", "chunked");
      sample.bytes += "\r\n";
      for (std::size_t chunks = below(6); chunks > 0; --chunks) {
        const std::string data = "\n" + text("{}\r\n0G", 30);
        body += data;
        add_chunk_line(sample, data.size());
        sample.bytes += data + "\r\n";
      }
      add_chunk_line(sample, 0);
      if (chance(3)) sample.bytes += "T: " + text("ab", 5) + "\r\n";
      sample.bytes += "\r\n";
    }
  }

  void add_chunk_line(Sample& sample, std::size_t size) {
    char digits[20];
    std::snprintf(digits, sizeof digits, chance(2) ? "%zx" : "%03zX", size);
    sample.bytes += digits + (chance(4) ? ";" + text("ab=\"", 5) : "") + "\r\n";
  }

  std::mt19937_64& random_;
};

std::vector<std::size_t> random_cuts(std::mt19937_64& random, std::size_t size) {
  std::vector<std::size_t> cuts(random() % 8);
  for (std::size_t& cut : cuts) cut = random() % (size + 1);
  std::sort(cuts.begin(), cuts.end());
  return cuts;
}

TEST(RequestParserRandom, ReadsPipelinedValidRequestsAsTheyWereMeant) {
  std::mt19937_64 random = seeded_generator();
  Samples samples(random);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes;
    std::vector<FramedRequest> expected;
    for (std::size_t count = 1 + random() % 3; count > 0; --count) {
      Sample sample = samples.next();
      bytes += sample.bytes;
      expected.push_back(std::move(sample.request));
    }
    const Outcome outcome = feed_split(bytes, random_cuts(random, bytes.size()), kLimits);
    ASSERT_EQ(outcome.failure.details, "") << bytes;
    ASSERT_EQ(outcome.requests, expected) << bytes;
    ASSERT_EQ(outcome.left, 0U) << bytes;
    ASSERT_TRUE(outcome.kept_its_promises) << bytes;
  }
}

// Removes, repeats, overwrites or inserts a few bytes, most of them ones that mean something to HTTP.
std::string mutated(std::mt19937_64& random, std::string bytes) {
  static const std::vector<std::string> kPieces = {"\r\n",
                                                   "\n",
                                                   "\r",
                                                   "\r\n\r\n",
                                                   " ",
                                                   "\t",
                                                   ":",
                                                   ";",
                                                   ",",
                                                   "0",
                                                   "1",
                                                   "f",
                                                   "-",
                                                   "#",
                                                   "?",
                                                   "*",
                                                   std::string(1, '\0'),
                                                   "\x7f",
                                                   "\xff",
                                                   "Content-Length: 5\r\n",
                                                   "Transfer-Encoding: chunked\r\n",
                                                   "Host: x\r\n",
                                                   "Expect: 100-continue\r\n",
                                                   "0\r\n\r\n",
                                                   "http://",
                                                   "HTTP/1.0",
                                                   "HTTP/2.0",
                                                   "ffffffffffffffff",
                                                   std::string(120, 'x')};
  for (std::size_t count = 1 + random() % 3; count > 0 && !bytes.empty(); --count) {
    const std::size_t at = random() % bytes.size();
    const std::size_t size = 1 + random() % 4;
    const std::string& piece = kPieces[random() % kPieces.size()];
    switch (random() % 4) {
      case 0:
        bytes.erase(at, size);
        break;
      case 1:
        bytes.insert(at, piece);
        break;
      case 2:
        bytes.replace(at, std::min(size, piece.size()), piece);
        break;
      default:
        bytes.insert(at, bytes.substr(random() % bytes.size(), 1 + random() % 40));
    }
  }
  return bytes;
}

TEST(RequestParserRandom, TheOutcomeOfBrokenRequestsDoesNotDependOnTheSplit) {
  std::mt19937_64 random = seeded_generator();
  Samples samples(random);
  std::size_t refused = 0;
  std::size_t accepted = 0;
  for (int round = 0; round < 10000; ++round) {
    const std::string bytes = mutated(random, samples.next().bytes + samples.next().bytes);
    const Outcome whole = feed_whole(bytes, kLimits);
    ASSERT_TRUE(whole.kept_its_promises) << bytes;
    ASSERT_EQ(feed_split(bytes, random_cuts(random, bytes.size()), kLimits), whole) << bytes;
    ASSERT_EQ(feed_byte_by_byte(bytes, kLimits), whole) << bytes;
    refused += whole.failure.status != 0 ? 1 : 0;
    accepted += whole.requests.size();
  }
  EXPECT_GT(refused, 1000U);
  EXPECT_GT(accepted, 1000U);
}

}  // namespace
}  // namespace evh::http_api::test
