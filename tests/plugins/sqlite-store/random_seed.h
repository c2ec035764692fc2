#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

namespace evh::sqlite_store::test {

// A seed that is printed; EVH_TEST_SEED=<seed> runs the same once more, as far as the threads let it.
inline std::uint64_t random_seed() {
  const char* const given = std::getenv("EVH_TEST_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "EVH_TEST_SEED=" << seed << '\n';
  return seed;
}

}  // namespace evh::sqlite_store::test
