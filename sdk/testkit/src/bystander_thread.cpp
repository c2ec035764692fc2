#include "evh/testkit/bystander_thread.h"

#include "thread_census.h"

namespace evh::testkit {

BystanderThread::BystanderThread() : thread_(this_thread()) {
  ThreadCensus::of_process().add_bystander(thread_);
}

BystanderThread::~BystanderThread() {
  ThreadCensus::of_process().remove_bystander(thread_);
}

}  // namespace evh::testkit
