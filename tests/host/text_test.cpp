// What is shown to people: spelling, tables, printable text, places.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "printable.h"
#include "problem.h"
#include "spelling.h"
#include "text_table.h"

namespace evh::host {
namespace {

constexpr std::array<std::string_view, 3> kKnown{"host", "port", "write_timeout"};

TEST(Spelling, FindsTheNameThatWasMeant) {
  EXPECT_EQ(nearest("prot", kKnown), "port");
  EXPECT_EQ(nearest("por", kKnown), "port");
  EXPECT_EQ(nearest("write_time_out", kKnown), "write_timeout");
  EXPECT_EQ(nearest("WRITE_TIMEOUT", kKnown), "");
  EXPECT_EQ(nearest("database", kKnown), "");
  EXPECT_EQ(nearest("", kKnown), "");
  EXPECT_EQ(nearest(std::string(100'000, 'x'), kKnown), "");
}

TEST(Spelling, ListsTheKnownNamesWhenNoneIsNear) {
  EXPECT_EQ(advise("prot", kKnown), "did you mean 'port'?");
  EXPECT_EQ(advise("database", kKnown), "known are: host, port, write_timeout");
  EXPECT_EQ(advise("x", {}), "there are none");
}

TEST(TextTable, AlignsColumnsByCharacters) {
  TextTable table(2);
  table.add({"a", "bb"});
  table.add({"\xC3\xA9\xC3\xA9\xC3\xA9", "c", "d"});
  table.add({"", ""});
  EXPECT_EQ(table.text(), "  a    bb\n  \xC3\xA9\xC3\xA9\xC3\xA9  c   d\n\n");
  EXPECT_EQ(TextTable().text(), "");
}

TEST(Printable, IsOneLineThatCommandsNoTerminal) {
  EXPECT_EQ(printable("plain \xC3\xA9 \\ \""), "plain \xC3\xA9 \\ \"");
  EXPECT_EQ(printable("a\nb\r\t\x1b[2J\x7f"), "a\\nb\\r\\t\\x1b[2J\\x7f");
  EXPECT_EQ(printable(std::string("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\xFFz"), "\\xffz");
  EXPECT_EQ(printable("\xC2\x9B"
                      "2J\xC2\xA0"),
            "\\xc2\\x9b2J\xC2\xA0");
}

TEST(Place, IsWrittenAsEditorsReadIt) {
  EXPECT_EQ(at("f.yaml", {3, 7}, "what"), "f.yaml:3:7: what");
  EXPECT_EQ(at("f.yaml", {3, 0}, "what"), "f.yaml:3: what");
  EXPECT_EQ(at("f.yaml", {}, "what"), "f.yaml: what");
}

}  // namespace
}  // namespace evh::host
