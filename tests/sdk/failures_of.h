// Which GoogleTest failures some code has, without failing the test that asks.
#pragma once

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <exception>
#include <string>
#include <vector>

namespace evh::testkit {

// The texts of all failures that `body` has on any thread, an exception that it lets out among them.
template <class Body>
[[nodiscard]] std::vector<std::string> failures_of(const Body& body) {
  testing::TestPartResultArray results;
  std::vector<std::string> failures;
  {
    const testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &results);
    try {
      body();
    } catch (const std::exception& failure) {
      failures.emplace_back(failure.what());
    }
  }
  for (int index = 0; index < results.size(); ++index) {
    if (results.GetTestPartResult(index).failed()) failures.emplace_back(results.GetTestPartResult(index).message());
  }
  return failures;
}

}  // namespace evh::testkit
