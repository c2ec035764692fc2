#include "writer.h"

#include <pthread.h>

#include <algorithm>
#include <span>
#include <string>

namespace evh::sqlite_store {
namespace {

using namespace std::chrono_literals;

// How often the write lock of another process is tried.
constexpr Clock::duration kLockPause = 1ms;
// A wait for that lock that operators are told about.
constexpr Clock::duration kLongLockWait = 1s;
constexpr Clock::duration kFirstBackOff = 10ms;
constexpr Clock::duration kLongestBackOff = 1s;
// How often a store that fails and has nothing to do tries whether it works again.
constexpr Clock::duration kProbePause = 1s;

}  // namespace

Writer::Writer(Host host, std::filesystem::path file, AppendQueue::Bounds batch, AppendQueue& queue, Answerer& answerer,
               Checkpointer& checkpointer)
    : host_(host),
      file_(std::move(file)),
      batch_bounds_(batch),
      queue_(queue),
      answerer_(answerer),
      checkpointer_(checkpointer),
      health_(host) {}

void Writer::start() {
  table_ = std::make_unique<EventTable>(file_);
  thread_ = std::thread(&Writer::run, this);
  pthread_setname_np(thread_.native_handle(), "sqlite-writer");
}

void Writer::join() noexcept {
  if (thread_.joinable()) thread_.join();
}

void Writer::run() {
  while (true) {
    const auto until = health_.is_healthy() ? Clock::time_point::max() : Clock::now() + kProbePause;
    switch (queue_.wait(until)) {
      case AppendQueue::Wake::kWork:
        write_next_batch();
        break;
      case AppendQueue::Wake::kTime:
        probe();
        break;
      case AppendQueue::Wake::kClosed:
        table_.reset();
        answerer_.finish();
        return;
    }
  }
}

// The transaction begins before the batch is taken: what waits for the lock of another process can still time out.
void Writer::write_next_batch() {
  std::string failure_before;
  try {
    if (!open_transaction()) return;
  } catch (const std::exception& failure) {
    failure_before = failure.what();
  }

  Batch& batch = answerer_.free_batch();
  queue_.take(batch.appends, batch_bounds_);
  if (!failure_before.empty()) {
    fail_batch(batch, failure_before);
  } else if (batch.appends.empty()) {
    table_->roll_back();
    answerer_.give_back(batch);
    return;
  } else {
    try {
      insert(batch);
      commit(batch);
    } catch (const std::exception& failure) {
      fail_batch(batch, failure.what());
    }
  }
  const bool has_failed = table_ == nullptr;
  answerer_.hand_over(batch);
  if (has_failed) back_off();
}

// False: nothing waits any more.
bool Writer::open_transaction() {
  if (table_ == nullptr) table_ = std::make_unique<EventTable>(file_);
  if (checkpointer_.wants_rest_copied()) table_->checkpoint();

  const Clock::time_point since = Clock::now();
  while (!table_->try_begin()) {
    if (Clock::now() - since > kLongLockWait) {
      health_.is_hampered("another process has locked the database " + file_.string());
    }
    std::this_thread::sleep_for(kLockPause);
    if (queue_.backlog().appends == 0) return false;
  }
  return true;
}

void Writer::insert(Batch& batch) {
  const evh_time now = stamp();
  for (const Append& append : batch.appends) {
    for (const evh_new_event& event : std::span(append.events, append.count)) {
      try {
        batch.add_stored(table_->insert(event, event.created_at == 0 ? now : event.created_at));
      } catch (const DatabaseError& failure) {
        if (!table_->is_refusal(failure)) throw;
        batch.add_refused(failure.what());
      }
    }
  }
}

void Writer::commit(Batch& batch) {
  answerer_.commit_begins(batch);
  try {
    table_->commit();
  } catch (const DatabaseError& failure) {
    settle_failed_commit(batch, failure);
    return;
  }
  checkpointer_.log_has(table_->log_frames());
  back_off_ = {};
  health_.works();
}

// A COMMIT that failed before its last page was written is void. One that failed later, at the sync for one, may come
// back to life when the log is read after a crash, unless another transaction has been written over it by then.
void Writer::settle_failed_commit(Batch& batch, const DatabaseError& failure) {
  table_->roll_back();
  const auto& ids = batch.ids();
  const auto stored = std::find_if(ids.begin(), ids.end(), [](std::int64_t id) { return id != 0; });
  const bool is_void =
      failure.primary() == SQLITE_FULL || failure.result() == SQLITE_IOERR_WRITE || stored == ids.end();
  if (is_void) return fail_batch(batch, failure.what());
  try {
    table_->write_nothing();
    if (table_->contains(*stored)) return;  // it had been committed all the same
    fail_batch(batch, failure.what());
  } catch (const DatabaseError&) {
    batch.set_failed(EVH_UNKNOWN_OUTCOME,
                     std::string("COMMIT failed, the events may have been stored: ") + failure.what());
    health_.fails(failure.what());
    table_.reset();
  }
}

// Nothing of it is stored. The connection is given up, and with it whatever state the failure left it in.
void Writer::fail_batch(Batch& batch, std::string_view why) {
  table_.reset();
  batch.set_failed(EVH_UNAVAILABLE, why);
  health_.fails(why);
}

// After a failure was answered; what is queued meanwhile is tried together.
void Writer::back_off() {
  back_off_ = std::clamp(back_off_ * 2, kFirstBackOff, kLongestBackOff);
  queue_.pause(Clock::now() + back_off_);
}

// Without it a store that has failed would stay unhealthy for as long as nobody sends it events for that very reason.
void Writer::probe() {
  try {
    if (table_ == nullptr) table_ = std::make_unique<EventTable>(file_);
    table_->write_nothing();
    health_.works();
  } catch (const DatabaseError& failure) {
    table_.reset();
    if (failure.primary() != SQLITE_BUSY) health_.fails(failure.what());
  }
}

// The order of ids and of times is the same, also when the wall clock is set back.
evh_time Writer::stamp() {
  last_stamp_ = std::max(last_stamp_, raw(host_.now()));
  return last_stamp_;
}

}  // namespace evh::sqlite_store
