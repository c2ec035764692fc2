// evh/layout.h is compiled here as C++20 and in abi_layout.c as C11; where it compiles, its assertions hold.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "abi_layout.h"

namespace {

constexpr abi_size kSizes[] = {ABI_SIZES};

TEST(AbiLayout, IsTheSameInBothLanguages) {
  static_assert(std::size(kSizes) == ABI_SIZE_COUNT);
  for (std::size_t index = 0; index < ABI_SIZE_COUNT; ++index) {
    EXPECT_STREQ(abi_sizes_in_c[index].name, kSizes[index].name);
    EXPECT_EQ(abi_sizes_in_c[index].size, kSizes[index].size) << kSizes[index].name;
    EXPECT_EQ(abi_sizes_in_c[index].alignment, kSizes[index].alignment) << kSizes[index].name;
  }
}

std::string text_of(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The words that stand behind `prefix`.
std::set<std::string> names_behind(const std::string& prefix, const std::string& text) {
  std::set<std::string> names;
  for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at)) {
    at += prefix.size();
    names.insert(text.substr(at, text.find_first_of(" ,)", at) - at));
  }
  return names;
}

// A new struct without a line in layout.h would be free to change.
TEST(AbiLayout, FreezesEveryStructOfEveryHeader) {
  const std::string layout = text_of(ABI_HEADERS "/layout.h");
  const std::set<std::string> frozen = names_behind("EVH_SIZE(", layout);
  for (const char* header :
       {"event_store", "host", "host_info", "http_message", "http_router", "log", "plugin", "setting", "types"}) {
    const std::string text = text_of(ABI_HEADERS "/" + std::string(header) + ".h");
    ASSERT_FALSE(text.empty()) << header;
    for (const std::string& name : names_behind("typedef struct ", text)) {
      EXPECT_TRUE(frozen.contains(name)) << name << " of " << header << ".h has no line in layout.h";
    }
    EXPECT_NE(layout.find("#include \"evh/" + std::string(header) + ".h\""), std::string::npos) << header;
  }
}

}  // namespace
