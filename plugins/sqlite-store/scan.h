#pragma once

#include "evh/event_store.h"
#include "reader_pool.h"

namespace evh::sqlite_store {

// evh_event_store.scan: reads a page over a borrowed connection, gives the connection back, hands the page to the sink,
// and so on. Throws Error.
evh_code scan(ReaderPool& pool, const evh_scan& query, evh_event_sink sink, evh_cancelled cancelled, void* ctx);

}  // namespace evh::sqlite_store
