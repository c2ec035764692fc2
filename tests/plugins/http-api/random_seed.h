#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

namespace evh::http_api::test {

/// A generator whose seed is printed; EVH_TEST_SEED=<seed> runs the same once more.
inline std::mt19937_64 seeded_generator() {
  const char* const given = std::getenv("EVH_TEST_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "EVH_TEST_SEED=" << seed << '\n';
  return std::mt19937_64(seed);
}

}  // namespace evh::http_api::test
