// Metadata come back as an equal JSON value. Needs GoogleTest.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "evh/testkit/event_store/event_store_test.h"

namespace evh::testkit {

class StoreMetadataTests : public EventStoreTest {
 public:
  using EventStoreTest::EventStoreTest;

  void objects_come_back() {
    expect_kept({"{}", " { } ", R"({"a":1,"b":[true,false,null],"c":{"d":[]}})", R"({"b":1,"a":2})", "{\"a\"\n:\t1 }",
                 R"({"":0})", R"({"a":1,"a":2})", R"({"a":{},"aa":[[]]})"});
  }

  void numbers_come_back_exactly() {
    for (const char* number :
         {"0", "-0", "1", "-1", "9007199254740993", "-9007199254740993", "9223372036854775807", "18446744073709551616",
          "123456789012345678901234567890", "0.1", "0.1000000000000000055511151231257827021181583404541015625",
          "3.141592653589793238462643", "1e400", "-1E+400", "1e-400", "1.50", "1e2", "5e-324",
          "1.7976931348623157e308"}) {
      expect_kept({R"({"n":)" + std::string(number) + "}"});
    }
  }

  void texts_come_back() {
    expect_kept({R"({"t":"\"\\\/\b\f\n\r\t"})", R"({"t":"\u0041\u00e9\u65e5\ud83d\ude00"})", R"({"t":"\u0001\u001f"})",
                 "{\"na\xC3\xAFve\":\"\xE6\x97\xA5\xE6\x9C\xAC \xF0\x9F\x98\x80\"}",
                 "{\"t\":\"\xEF\xBF\xBF\xF4\x8F\xBF\xBF\x7F\"}", R"({"t":"'; DROP TABLE events; --"})",
                 R"({"t":"%s $1 ?1 {}"})", R"({"\u0061\"b":"NULL"})"});
  }

  void nesting_of_512_comes_back() {
    constexpr std::size_t kInner = 511;  // and the object around it
    expect_kept({R"({"a":)" + std::string(kInner, '[') + std::string(kInner, ']') + "}"});
  }

  void large_objects_come_back() {
    constexpr std::size_t kMebibyte = 1U << 20U;
    std::string text = R"({"t":")" + std::string(kMebibyte, 'x') + R"("})";
    std::string numbers = R"({"n":[0)";
    while (numbers.size() < kMebibyte) numbers += ",12345.678";
    expect_kept({text, numbers + "]}", text});
  }

  // What a database cannot keep it must refuse.
  void an_escaped_nul_comes_back_or_is_refused() {
    const AppendEnd end = append({{1, "act", R"({"t":"a\u0000b"})", kTime}});
    if (end.stored(0)) {
      const std::vector<StoredEvent> found = comparable(scan_events());
      ASSERT_EQ(found.size(), 1U);
      EXPECT_EQ(found.front().metadata, canonical_json(R"({"t":"a\u0000b"})"));
    } else {
      EXPECT_TRUE(end.code == EVH_INVALID || end.code == EVH_OK) << code_name(end.code);
      expect_scan({}, {});
    }
  }

 private:
  void expect_kept(const std::vector<std::string>& texts) {
    std::vector<NewEvent> events;
    for (const std::string& text : texts) events.push_back({1, "act", text, kTime});
    const AppendCall& call = begin(events);
    const AppendEnd end = end_of(call);
    ASSERT_TRUE(end.stored_all()) << end.message << ": " << texts.front().substr(0, 200);
    std::vector<StoredEvent> stored = stored_by(call);
    all_.insert(all_.end(), stored.begin(), stored.end());
    expect_scan({}, all_);
  }

  std::vector<StoredEvent> all_;
};

}  // namespace evh::testkit
