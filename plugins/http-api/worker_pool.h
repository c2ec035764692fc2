#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace evh::http_api {

/// A few threads for what may block: reading pages from the store, handlers that say so.
class WorkerPool {
 public:
  using Task = std::function<void()>;

  /// Starts `threads` threads; at most `queue_bound` tasks wait.
  WorkerPool(std::size_t threads, std::size_t queue_bound);
  ~WorkerPool() { stop(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// [any thread] False: the queue is full, or the pool has stopped; the task is not taken.
  [[nodiscard]] bool try_submit(Task task);

  /// [any thread] For the next step of something that was taken already, which bounds their number: always queued, and
  /// behind the others, so that each gets its turn. Dropped when the pool has stopped.
  void resume(Task task);

  /// Finishes the running tasks, drops the waiting ones, joins. Safe twice.
  void stop();

 private:
  void work();

  const std::size_t queue_bound_;
  std::mutex mutex_;
  std::condition_variable available_;
  std::deque<Task> queue_;
  bool stopped_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace evh::http_api
