#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>

#include "framing_feed.h"

namespace evh::http_api {

inline void PrintTo(const ApiError& failure, std::ostream* out) {
  *out << failure.status << ' ' << failure.error << ": " << failure.details;
}

}  // namespace evh::http_api

namespace evh::http_api::test {

inline void PrintTo(const Outcome& outcome, std::ostream* out) {
  *out << outcome.requests.size() << " requests";
  for (const FramedRequest& request : outcome.requests) {
    *out << " [" << request.method << ' ' << request.target << " + " << request.body.size() << " bytes, consumed "
         << request.consumed << ']';
  }
  if (outcome.failure.status != 0) {
    *out << ", refused with ";
    PrintTo(outcome.failure, out);
  }
  *out << ", " << outcome.left << " bytes left, in_progress " << outcome.in_progress << ", head_complete "
       << outcome.head_complete << ", wants_continue " << outcome.wants_continue;
}

/// Fed as a whole, byte by byte, and in two pieces cut at every point; all must come out the same.
inline Outcome frame(std::string_view bytes, const RequestLimits& limits = {}) {
  const Outcome whole = feed_whole(bytes, limits);
  EXPECT_TRUE(whole.kept_its_promises);
  EXPECT_EQ(feed_byte_by_byte(bytes, limits), whole) << "byte by byte: " << bytes;
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    const Outcome split = feed_split(bytes, {cut}, limits);
    EXPECT_EQ(split, whole) << "cut at " << cut << ": " << bytes;
    if (split != whole) break;
  }
  return whole;
}

/// The one request that `bytes` are, to the last byte.
inline FramedRequest accept(std::string_view bytes, const RequestLimits& limits = {}) {
  const Outcome outcome = frame(bytes, limits);
  EXPECT_EQ(outcome.failure.status, 0) << outcome.failure.error << ": " << outcome.failure.details << '\n' << bytes;
  EXPECT_EQ(outcome.requests.size(), 1U) << bytes;
  EXPECT_EQ(outcome.left, 0U) << bytes;
  return outcome.requests.empty() ? FramedRequest{} : outcome.requests.front();
}

/// `bytes` are refused before any request comes out of them.
inline ApiError refuse(std::string_view bytes, const RequestLimits& limits = {}) {
  const Outcome outcome = frame(bytes, limits);
  EXPECT_TRUE(outcome.requests.empty()) << bytes;
  EXPECT_NE(outcome.failure.status, 0) << "not refused: " << bytes;
  return outcome.failure;
}

struct Refusal {
  std::string_view bytes;
  int status;
  std::string_view details;
};

inline void expect_refusal(const Refusal& expected, const RequestLimits& limits = {}) {
  const ApiError failure = refuse(expected.bytes, limits);
  EXPECT_EQ(failure.status, expected.status) << failure.details << '\n' << expected.bytes;
  EXPECT_EQ(failure.details, expected.details) << expected.bytes;
}

}  // namespace evh::http_api::test
