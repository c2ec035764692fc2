// What evh_event_store.append promises for events that the store refuses. Needs GoogleTest.
#pragma once

#include <string>
#include <vector>

#include "evh/testkit/event_store/event_store_test.h"

namespace evh::testkit {

class StoreRefusalTests : public EventStoreTest {
 public:
  using EventStoreTest::EventStoreTest;

  void metadata_that_is_no_json_object_is_refused() {
    for (const NewEvent& event : bad_events()) expect_refused(append({event}), event);
    expect_scan({}, {});
  }

  // In one append: alone, or all of them with EVH_INVALID.
  void a_refused_event_leaves_its_neighbours() {
    for (const NewEvent& bad : bad_events()) {
      const NewEvent good{5, "good", "{}", kTime};
      const std::size_t before = scan_events().size();
      const AppendEnd end = append({good, bad, good});
      std::size_t stored = 0;
      if (end.code == EVH_OK) {
        ASSERT_EQ(end.each.size(), 3U) << "the refused one must be named: " << bad.metadata;
        ASSERT_EQ(end.ids.size(), 3U);
        EXPECT_EQ(end.each[0], EVH_OK);
        EXPECT_NE(end.each[1], EVH_OK) << bad.metadata;
        EXPECT_EQ(end.each[2], EVH_OK);
        EXPECT_EQ(end.ids[1], 0) << "a refused event has no id";
        EXPECT_FALSE(end.message.empty()) << "the message tells of the first one refused";
        stored = 2;
      } else {
        expect_refused(end, bad);
      }
      EXPECT_EQ(scan_events().size(), before + stored) << bad.metadata;
    }
  }

  // Other appends of the same moment, which may share its transaction.
  void a_refused_event_leaves_other_appends() {
    const std::vector<NewEvent> bad = bad_events();
    std::vector<AppendCall*> good_calls;
    std::vector<AppendCall*> bad_calls;
    for (std::size_t round = 0; round < 50; ++round) {
      good_calls.push_back(&begin({{5, "good", "{}", kTime}}));
      if (round % 7 == 3) bad_calls.push_back(&begin({bad[round % bad.size()]}));
    }
    std::vector<StoredEvent> stored;
    for (const AppendCall* call : good_calls) stored.push_back(stored_by(*call).front());
    for (const AppendCall* call : bad_calls) expect_refused(end_of(*call), call->events().front());
    expect_scan({}, stored);
  }

 private:
  static std::vector<NewEvent> bad_events() {
    std::vector<NewEvent> events;
    for (const char* metadata :
         {"", "{", "}", R"({"a":})", R"({"a":1} x)", R"({'a':1})", "[]", "1", "null", R"("{}")"}) {
      events.push_back({1, "bad", metadata, kTime});
    }
    return events;
  }

  static void expect_refused(const AppendEnd& end, const NewEvent& event) {
    EXPECT_FALSE(end.stored(0)) << "metadata " << event.metadata << " was stored";
    if (end.code != EVH_OK) {
      EXPECT_EQ(end.code, EVH_INVALID) << event.metadata << ": " << end.message;
    }
    EXPECT_FALSE(end.message.empty()) << "a refusal says why";
  }
};

}  // namespace evh::testkit
