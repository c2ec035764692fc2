// Throws in the function that THROWS_IN names.
#include <stdexcept>
#include <thread>

#include "skeleton.h"

namespace {

enum { kEntry, kCreate, kStart, kDrain, kStop, kDestroy, kThread };

[[noreturn]] void throw_up() {
  throw std::runtime_error("this plugin throws");
}

evh_code create(const evh_host*, void**, evh_error*) {
  throw_up();
}
evh_code start(void*, evh_error*) {
  throw_up();
}
evh_code start_a_thread(void*, evh_error*) {
  std::thread(throw_up).join();
  return EVH_OK;
}
evh_code drain(void*, evh_span, evh_error*) {
  throw_up();
}
void end(void*) {
  throw_up();
}

evh_plugin make() {
  if (THROWS_IN == kEntry) throw_up();
  evh_plugin plugin = skeleton(PLUGIN_NAME);
  if (THROWS_IN == kCreate) plugin.create = create;
  if (THROWS_IN == kStart) plugin.start = start;
  if (THROWS_IN == kDrain) plugin.drain = drain;
  if (THROWS_IN == kStop) plugin.stop = end;
  if (THROWS_IN == kDestroy) plugin.destroy = end;
  if (THROWS_IN == kThread) plugin.start = start_a_thread;
  return plugin;
}

}  // namespace

const evh_plugin* evh_plugin_entry() {
  static const evh_plugin plugin = make();
  return &plugin;
}
