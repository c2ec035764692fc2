// sqlite-store: evh.event-store/1 in one SQLite file.
#include "evh/plugin.hpp"

#include "database_file.h"
#include "reader_pool.h"
#include "scan.h"
#include "settings.h"
#include "write_path.h"

namespace evh::sqlite_store {
namespace {

class SqliteStore {
 public:
  explicit SqliteStore(Host host)
      : host_(host),
        settings_(Settings::read(host)),
        write_path_(host, settings_),
        readers_(settings_.path, settings_.readers) {
    host_.publish(service_);
  }

  void start() {
    const int migrations = prepare_database(settings_.path);
    write_path_.start();
    readers_.open();
    host_.info("database opened", {{"path", settings_.path.string()}, {"migrations_applied", migrations}});
  }

  evh_code drain(Span budget, std::string& left) { return write_path_.drain(budget, left) ? EVH_OK : EVH_TIMEOUT; }

  // The readers first: the last connection, if it can write, folds the write-ahead log into the file.
  void stop() noexcept {
    readers_.close();
    write_path_.stop();
  }

 private:
  static void append(void* self, const evh_new_event* events, size_t count, evh_span max_wait, evh_append_done done,
                     void* ctx) {
    static_cast<SqliteStore*>(self)->write_path_.append({events, count}, max_wait, done, ctx);
  }
  static evh_code scan(void* self, const evh_scan* query, evh_event_sink sink, evh_cancelled cancelled, void* ctx,
                       evh_error* error) {
    return guard(error, [&] {
      return sqlite_store::scan(static_cast<SqliteStore*>(self)->readers_, *query, sink, cancelled, ctx);
    });
  }

  const Host host_;
  const Settings settings_;
  WritePath write_path_;
  ReaderPool readers_;
  const evh_event_store service_{this, &SqliteStore::append, &SqliteStore::scan};
};

constexpr const char* kProvides[] = {EVH_EVENT_STORE};

}  // namespace
}  // namespace evh::sqlite_store

EVH_PLUGIN(evh::sqlite_store::SqliteStore, {.name = "sqlite-store",
                                            .version = EVH_PLUGIN_VERSION,
                                            .summary = "Stores events in one SQLite file",
                                            .settings = evh::sqlite_store::kSettings,
                                            .provides = evh::sqlite_store::kProvides})
