// The tests that every provider of evh.event-store/1 must pass, from evh/event_store.h. Needs GoogleTest.
//
//   EVH_EVENT_STORE_SUITE(SqliteStore, std::make_unique<evh::testkit::PluginStore>(
//       SQLITE_STORE_SO, evh::testkit::PluginStoreOptions{.settings = [](const std::filesystem::path& folder) {
//         return evh::testkit::Settings{{"path", folder / "events.db"}};
//       }}))
//
// The last argument makes the store; it is evaluated anew for each test, and the store must be empty then. A store that
// is no plugin derives from StoreUnderTest. The plugin's lifecycle has a suite of its own: lifecycle_suite.h.
#pragma once

#include "evh/testkit/event_store/append_tests.h"
#include "evh/testkit/event_store/concurrency_tests.h"
#include "evh/testkit/event_store/durability_tests.h"
#include "evh/testkit/event_store/history_tests.h"
#include "evh/testkit/event_store/metadata_tests.h"
#include "evh/testkit/event_store/refusal_tests.h"
#include "evh/testkit/event_store/scan_tests.h"
#include "evh/testkit/event_store/sink_tests.h"

#define EVH_EVENT_STORE_TEST_(Suite, Name, Tests, function, ...) \
  TEST(Suite, Name) {                                            \
    evh::testkit::Tests{__VA_ARGS__}.function();                 \
  }

#define EVH_EVENT_STORE_SUITE(Suite, ...)                                                                              \
  EVH_EVENT_STORE_TEST_(Suite, IdsArePositiveAndUnique, StoreAppendTests, ids_are_positive_and_unique, __VA_ARGS__)    \
  EVH_EVENT_STORE_TEST_(Suite, IdsAreInTheOrderOfTheEvents, StoreAppendTests, ids_are_in_the_order_of_the_events,      \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, EqualEventsAreAllStored, StoreAppendTests, equal_events_are_all_stored, __VA_ARGS__)    \
  EVH_EVENT_STORE_TEST_(Suite, ManyEventsTogetherAreStored, StoreAppendTests, many_events_together_are_stored,         \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, ManyAppendsAtOnceAreStored, StoreAppendTests, many_appends_at_once_are_stored,          \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, AScanSeesWhatWasDurableBefore, StoreAppendTests, a_scan_sees_what_was_durable_before,   \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, CreatedAtOf0IsStampedByTheClock, StoreAppendTests,                                      \
                        created_at_of_0_is_stamped_by_the_clock, __VA_ARGS__)                                          \
  EVH_EVENT_STORE_TEST_(Suite, CreatedAtIsKeptHoweverFarAway, StoreAppendTests, created_at_is_kept_however_far_away,   \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, ActionsAreKeptAsTheyAre, StoreAppendTests, actions_are_kept_as_they_are, __VA_ARGS__)   \
  EVH_EVENT_STORE_TEST_(Suite, UserIdsAreKeptAsTheyAre, StoreAppendTests, user_ids_are_kept_as_they_are, __VA_ARGS__)  \
  EVH_EVENT_STORE_TEST_(Suite, DoneMayAppend, StoreAppendTests, done_may_append, __VA_ARGS__)                          \
  EVH_EVENT_STORE_TEST_(Suite, ShortWaitsEndTruly, StoreAppendTests, short_waits_end_truly, __VA_ARGS__)               \
  EVH_EVENT_STORE_TEST_(Suite, MetadataThatIsNoJsonObjectIsRefused, StoreRefusalTests,                                 \
                        metadata_that_is_no_json_object_is_refused, __VA_ARGS__)                                       \
  EVH_EVENT_STORE_TEST_(Suite, ARefusedEventLeavesItsNeighbours, StoreRefusalTests,                                    \
                        a_refused_event_leaves_its_neighbours, __VA_ARGS__)                                            \
  EVH_EVENT_STORE_TEST_(Suite, ARefusedEventLeavesOtherAppends, StoreRefusalTests,                                     \
                        a_refused_event_leaves_other_appends, __VA_ARGS__)                                             \
  EVH_EVENT_STORE_TEST_(Suite, MetadataObjectsComeBack, StoreMetadataTests, objects_come_back, __VA_ARGS__)            \
  EVH_EVENT_STORE_TEST_(Suite, MetadataNumbersComeBackExactly, StoreMetadataTests, numbers_come_back_exactly,          \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, MetadataTextsComeBack, StoreMetadataTests, texts_come_back, __VA_ARGS__)                \
  EVH_EVENT_STORE_TEST_(Suite, MetadataNesting512DeepComesBack, StoreMetadataTests, nesting_of_512_comes_back,         \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, MetadataOf1MebibyteComesBack, StoreMetadataTests, large_objects_come_back, __VA_ARGS__) \
  EVH_EVENT_STORE_TEST_(Suite, MetadataWithAnEscapedNulComesBackOrIsRefused, StoreMetadataTests,                       \
                        an_escaped_nul_comes_back_or_is_refused, __VA_ARGS__)                                          \
  EVH_EVENT_STORE_TEST_(Suite, AnEmptyStoreHasNothing, StoreScanTests, an_empty_store_has_nothing, __VA_ARGS__)        \
  EVH_EVENT_STORE_TEST_(Suite, EventsComeInOrderOfTimeAndId, StoreScanTests, events_come_in_order_of_time_and_id,      \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, BoundsAreInclusive, StoreScanTests, bounds_are_inclusive, __VA_ARGS__)                  \
  EVH_EVENT_STORE_TEST_(Suite, BoundsInTheWrongOrderHoldNothing, StoreScanTests,                                       \
                        bounds_in_the_wrong_order_hold_nothing, __VA_ARGS__)                                           \
  EVH_EVENT_STORE_TEST_(Suite, BoundsMayBeTheFarthestTimes, StoreScanTests, bounds_may_be_the_farthest_times,          \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, UsersAreToldApart, StoreScanTests, users_are_told_apart, __VA_ARGS__)                   \
  EVH_EVENT_STORE_TEST_(Suite, ActionsAreToldApart, StoreScanTests, actions_are_told_apart, __VA_ARGS__)               \
  EVH_EVENT_STORE_TEST_(Suite, ACursorGoesOnBehindAnyEvent, StoreScanTests, a_cursor_goes_on_behind_any_event,         \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, ACursorNeedNotBeAnEvent, StoreScanTests, a_cursor_need_not_be_an_event, __VA_ARGS__)    \
  EVH_EVENT_STORE_TEST_(Suite, LimitsAreKept, StoreScanTests, limits_are_kept, __VA_ARGS__)                            \
  EVH_EVENT_STORE_TEST_(Suite, LimitsHoldAcrossBlocks, StoreScanTests, limits_hold_across_blocks, __VA_ARGS__)         \
  EVH_EVENT_STORE_TEST_(Suite, PagesByCursorAreTheWhole, StoreScanTests, pages_by_cursor_are_the_whole, __VA_ARGS__)   \
  EVH_EVENT_STORE_TEST_(Suite, LargeResultsComeInBlocks, StoreScanTests, large_results_come_in_blocks, __VA_ARGS__)    \
  EVH_EVENT_STORE_TEST_(Suite, BlocksOfLargeEventsAreSmall, StoreScanTests, blocks_of_large_events_are_small,          \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, ManyEventsOfOneTimeComeInOrderOfId, StoreScanTests,                                     \
                        many_events_of_one_time_come_in_order_of_id, __VA_ARGS__)                                      \
  EVH_EVENT_STORE_TEST_(Suite, ASinkThatHasEnoughEndsTheScan, StoreSinkTests, a_sink_that_has_enough_ends_the_scan,    \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, TheSinkRunsOnTheCallersThread, StoreSinkTests, the_sink_runs_on_the_callers_thread,     \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, AnAppendWhileASinkStallsSucceeds, StoreSinkTests,                                       \
                        an_append_while_a_sink_stalls_succeeds, __VA_ARGS__)                                           \
  EVH_EVENT_STORE_TEST_(Suite, ScansWhileSinksStallSucceed, StoreSinkTests, scans_while_sinks_stall_succeed,           \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, EventsBehindTheCursorOfARunningScanAreSeenOrNotButInOrder, StoreSinkTests,              \
                        events_behind_the_cursor_of_a_running_scan_are_seen_or_not_but_in_order, __VA_ARGS__)          \
  EVH_EVENT_STORE_TEST_(Suite, ALongScanAsksWhetherItIsCancelled, StoreSinkTests,                                      \
                        a_long_scan_asks_whether_it_is_cancelled, __VA_ARGS__)                                         \
  EVH_EVENT_STORE_TEST_(Suite, ACancelledScanEnds, StoreSinkTests, a_cancelled_scan_ends, __VA_ARGS__)                 \
  EVH_EVENT_STORE_TEST_(Suite, AScanNeedsNeitherCancelledNorError, StoreSinkTests,                                     \
                        a_scan_needs_neither_cancelled_nor_error, __VA_ARGS__)                                         \
  EVH_EVENT_STORE_TEST_(Suite, EventsSurviveRestarts, StoreDurabilityTests, events_survive_restarts, __VA_ARGS__)      \
  EVH_EVENT_STORE_TEST_(Suite, IdsStayUniqueOverRestarts, StoreDurabilityTests, ids_stay_unique_over_restarts,         \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, AnAppendAfterDrainIsUnavailable, StoreDurabilityTests,                                  \
                        an_append_after_drain_is_unavailable, __VA_ARGS__)                                             \
  EVH_EVENT_STORE_TEST_(Suite, DrainFinishesWhatWasTaken, StoreDurabilityTests, drain_finishes_what_was_taken,         \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, StopEndsEveryAppend, StoreDurabilityTests, stop_ends_every_append, __VA_ARGS__)         \
  EVH_EVENT_STORE_TEST_(Suite, AppendsBesideADrainEndTruly, StoreDurabilityTests, appends_beside_a_drain_end_truly,    \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, ManyThreadsAppendAtOnce, StoreConcurrencyTests, many_threads_append_at_once,            \
                        __VA_ARGS__)                                                                                   \
  EVH_EVENT_STORE_TEST_(Suite, ManyThreadsAppendWithoutWaiting, StoreConcurrencyTests,                                 \
                        many_threads_append_without_waiting, __VA_ARGS__)                                              \
  EVH_EVENT_STORE_TEST_(Suite, ScansBesideAppendsSeeAllThatWasDurable, StoreConcurrencyTests,                          \
                        scans_beside_appends_see_all_that_was_durable, __VA_ARGS__)                                    \
  EVH_EVENT_STORE_TEST_(Suite, RandomHistoriesAgreeWithAModel, StoreHistoryTests, random_histories_agree_with_a_model, \
                        __VA_ARGS__)
