#include "writer.h"

#include <pthread.h>

#include <algorithm>
#include <new>
#include <span>
#include <string>
#include <system_error>

#include "disk_room.h"

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
// Bytes that the log should be able to grow by, beyond what failed for want of room.
constexpr std::size_t kRoomReserve = 256U << 10U;
// How long stamps stand still when the wall clock is set back.
constexpr std::chrono::microseconds kLongestStandstill = 1s;

}  // namespace

Writer::Writer(Host host, std::filesystem::path file, AppendQueue::Bounds batch, AppendQueue& queue, Answerer& answerer,
               Checkpointer& checkpointer)
    : host_(host),
      file_(std::move(file)),
      log_(file_.string() + "-wal"),
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

void Writer::run() noexcept {
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
        answerer_.finish();
        return;
    }
  }
}

// The transaction begins before the batch is taken: what waits for the lock of another process can still time out.
// Whatever fails, what was taken is handed over.
void Writer::write_next_batch() noexcept {
  evh_error failure_before{};
  try {
    if (!open_transaction()) return;
  } catch (const std::exception&) {
    fail_with_current_exception(&failure_before);
  }

  Batch& batch = answerer_.free_batch();
  try {
    queue_.take(batch.appends, batch_bounds_);
    batch.drop_overdue(Clock::now());
    if (failure_before.code != EVH_OK) {
      fail_batch(batch, EVH_UNAVAILABLE, failure_before.message);
    } else if (batch.appends.empty()) {
      table_->roll_back();
    } else {
      insert(batch);
      commit(batch);
    }
  } catch (const DatabaseError& failure) {
    note_lack_of_room(batch, failure.primary());
    fail_batch(batch, EVH_UNAVAILABLE, failure.what());
  } catch (const std::exception& failure) {
    fail_batch(batch, EVH_UNAVAILABLE, failure.what());
  }
  const bool has_failed = table_ == nullptr;
  const bool has_stored = !has_failed && !batch.appends.empty();
  answerer_.hand_over(batch);
  if (has_failed) back_off();
  if (has_stored) works();
}

// False: nothing waits any more.
bool Writer::open_transaction() {
  if (table_ != nullptr && checkpointer_.wants_rest_copied()) copy_log();

  const Clock::time_point since = Clock::now();
  while (!try_open() || !table_->try_begin()) {
    if (Clock::now() - since > kLongLockWait) {
      health_.is_hampered("another process has locked the database " + file_.string());
    }
    std::this_thread::sleep_for(kLockPause);
    if (queue_.backlog().appends == 0) return false;
  }
  return true;
}

// False: another process has locked the database.
bool Writer::try_open() {
  if (table_ != nullptr) return true;
  try {
    table_ = std::make_unique<EventTable>(file_);
  } catch (const DatabaseError& failure) {
    if (failure.primary() == SQLITE_BUSY) return false;
    throw;
  }
  if (missing_room_ != 0) copy_log();
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
    return settle_failed_commit(batch, failure.result(), failure.what());
  } catch (const std::bad_alloc&) {
    return settle_failed_commit(batch, SQLITE_NOMEM, "COMMIT failed, and there is no memory to tell why");
  }
  checkpointer_.log_has(table_->log_frames());
  back_off_ = {};
}

void Writer::settle_failed_commit(Batch& batch, int result, std::string_view why) noexcept {
  note_lack_of_room(batch, result & 0xFF);
  fail_batch(batch, is_void(batch, result) ? EVH_UNAVAILABLE : EVH_UNKNOWN_OUTCOME, why);
}

// A COMMIT that failed before its last page was written is void. One that failed later, at the sync for one, may come
// back to life when the log is read after a crash, unless another transaction has been written over it by then.
bool Writer::is_void(const Batch& batch, int result) noexcept {
  const std::int64_t id = batch.first_stored();
  if ((result & 0xFF) == SQLITE_FULL || result == SQLITE_IOERR_WRITE || id == 0) return true;
  try {
    table_->roll_back();
    table_->write_nothing();
    return !table_->contains(id);  // it may be another process's
  } catch (const std::exception&) {
    return false;
  }
}

// The connection is given up, and with it whatever state the failure left it in.
void Writer::fail_batch(Batch& batch, evh_code code, std::string_view why) noexcept {
  table_.reset();
  batch.set_failed(code, why);
  health_.fails(why);
}

// A full disk is not always told as one: past a quota or a limit it is an I/O error, and some file systems find out at
// the sync only.
void Writer::note_lack_of_room(const Batch& batch, int primary) noexcept {
  if (primary == SQLITE_FULL || primary == SQLITE_IOERR) missing_room_ = kRoomReserve + 2 * batch.bytes();
}

// True: the log is empty now. A failure is no reason not to write: the log keeps what it has, and the checkpointer
// tells the operator.
bool Writer::copy_log() noexcept {
  try {
    return table_->checkpoint();
  } catch (const std::exception&) {
    return false;
  }
}

// Small transactions may still fit into a disk that is full for others, into what was left of the log for one. Without
// this the store would turn healthy and unhealthy every second.
bool Writer::has_room_again() noexcept {
  if (missing_room_ == 0) return true;
  const Clock::time_point now = Clock::now();
  if (now < look_for_room_at_) return false;
  look_for_room_at_ = now + kProbePause;

  std::error_code is_missing;
  const std::uintmax_t found = std::filesystem::file_size(log_, is_missing);
  const std::size_t size = is_missing ? 0 : static_cast<std::size_t>(found);
  const std::size_t reusable = copy_log() ? size : 0;
  if (missing_room_ > reusable && !can_grow(log_, size, missing_room_ - reusable)) return false;
  missing_room_ = 0;
  return true;
}

void Writer::works() noexcept {
  if (!health_.is_healthy() && has_room_again()) health_.works();
}

// After a failure was answered; what is queued meanwhile is tried together.
void Writer::back_off() noexcept {
  back_off_ = std::clamp(back_off_ * 2, kFirstBackOff, kLongestBackOff);
  queue_.pause(Clock::now() + back_off_);
}

// Without it a store that has failed would stay unhealthy for as long as nobody sends it events for that very reason.
void Writer::probe() noexcept {
  try {
    if (!try_open() || !has_room_again()) return;
    table_->write_nothing();
    health_.works();
  } catch (const DatabaseError& failure) {
    table_.reset();
    if (failure.primary() != SQLITE_BUSY) health_.fails(failure.what());
  } catch (const std::exception& failure) {
    table_.reset();
    health_.fails(failure.what());
  }
}

// The order of ids and of times is the same, also when the wall clock is set back a little. One that was wrong and has
// been put right is believed.
evh_time Writer::stamp() noexcept {
  const evh_time now = raw(host_.now());
  const bool is_a_little_back = now < last_stamp_ && last_stamp_ - now <= kLongestStandstill.count();
  if (!is_a_little_back) last_stamp_ = now;
  return last_stamp_;
}

}  // namespace evh::sqlite_store
