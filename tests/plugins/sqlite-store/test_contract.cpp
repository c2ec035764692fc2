// What every plugin and every event store must do.
#include "evh/testkit/event_store_suite.h"
#include "evh/testkit/lifecycle_suite.h"

namespace {

using evh::testkit::Fakes;
using evh::testkit::PluginStore;
using evh::testkit::PluginStoreOptions;
using evh::testkit::Settings;
using evh::testkit::TempFolder;

Settings in_folder(const std::filesystem::path& folder) {
  return {{"path", folder / "events.db"}};
}

// The lifecycle suite takes its settings before it makes anything: the folder is the process's, which runs one test.
const std::filesystem::path& folder_of_this_process() {
  static const TempFolder folder;
  return folder.path();
}

EVH_LIFECYCLE_SUITE(SqliteStoreLifecycle, SQLITE_STORE_SO, in_folder(folder_of_this_process()))

EVH_FAILED_START_SUITE(SqliteStoreThatCannotStart, SQLITE_STORE_SO, {{"path", "/dev/null/events.db"}})

EVH_EVENT_STORE_SUITE(SqliteStore,
                      std::make_unique<PluginStore>(SQLITE_STORE_SO, PluginStoreOptions{.settings = in_folder}))

}  // namespace
