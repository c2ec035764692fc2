// The connections that pages are read over: opened when first needed, each used by one scan at a time.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "append.h"
#include "event_reader.h"

namespace evh::sqlite_store {

class ReaderPool {
 public:
  ReaderPool(std::filesystem::path file, std::size_t size) : file_(std::move(file)), size_(size) {}

  void open();
  // New requests are refused, connections are closed as they come back; returns when all have.
  void close() noexcept;

  // A reader on loan; goes back at the end of the scope.
  class Loan {
   public:
    Loan(ReaderPool& pool, std::unique_ptr<EventReader> reader) noexcept : pool_(pool), reader_(std::move(reader)) {}
    ~Loan() { pool_.give_back(std::move(reader_)); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    EventReader* operator->() const noexcept { return reader_.get(); }

   private:
    ReaderPool& pool_;
    std::unique_ptr<EventReader> reader_;
  };

  // Waits while all are busy, and asks `is_cancelled` every 100 ms then. Throws Error: EVH_OVERLOADED after `until`,
  // EVH_CANCELLED, EVH_UNAVAILABLE when closed, and whatever a failed opening throws.
  [[nodiscard]] Loan borrow(Clock::time_point until, const std::function<bool()>& is_cancelled);

 private:
  std::unique_ptr<EventReader> wait_for_reader(Clock::time_point until, const std::function<bool()>& is_cancelled);
  void give_back(std::unique_ptr<EventReader> reader) noexcept;

  const std::filesystem::path file_;
  const std::size_t size_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<EventReader>> idle_;
  std::size_t on_loan_ = 0;
  bool is_closed_ = true;
};

}  // namespace evh::sqlite_store
