// The host's table with C++ types. A Host is a pointer: copy it freely, use it until the plugin is destroyed, from any
// thread.
#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evh/error.hpp"
#include "evh/host.h"
#include "evh/service.hpp"
#include "evh/text.hpp"
#include "evh/time.hpp"

namespace evh {

enum class Level : std::int32_t {
  kDebug = EVH_LOG_DEBUG,
  kInfo = EVH_LOG_INFO,
  kWarn = EVH_LOG_WARN,
  kError = EVH_LOG_ERROR
};
enum class Health : std::int32_t { kHealthy = EVH_HEALTHY, kDegraded = EVH_DEGRADED, kUnhealthy = EVH_UNHEALTHY };

// One key and value of a log line. Numbers and booleans stay what they are in JSON. Texts are borrowed for the call.
class Field {
 public:
  Field(std::string_view key, std::string_view value) : key_(key), text_(value), kind_(EVH_FIELD_TEXT) {}
  Field(std::string_view key, const char* value) : Field(key, std::string_view(value)) {}
  Field(std::string_view key, const std::string& value) : Field(key, std::string_view(value)) {}
  Field(std::string_view key, bool value) : key_(key), text_(value ? "true" : "false"), kind_(EVH_FIELD_JSON) {}
  template <std::integral Number>
  Field(std::string_view key, Number value) : key_(key), kind_(EVH_FIELD_JSON) {
    print(std::to_chars(digits_, digits_ + sizeof digits_, value));
  }
  Field(std::string_view key, double value) : key_(key), kind_(EVH_FIELD_JSON) {
    if (std::isfinite(value)) {
      print(std::to_chars(digits_, digits_ + sizeof digits_, value));
    } else {
      text_ = "null";
    }
  }

  [[nodiscard]] evh_log_field raw() const noexcept {
    return {str(key_), size_ == 0 ? str(text_) : evh_str{digits_, size_}, kind_, 0};
  }

 private:
  void print(std::to_chars_result result) noexcept { size_ = static_cast<std::size_t>(result.ptr - digits_); }

  std::string_view key_, text_;
  char digits_[32];
  std::size_t size_ = 0;
  std::int32_t kind_;
};

// Fields in the form that crosses the boundary. Borrows what they borrow. Those past kMost are left out.
class RawFields {
 public:
  static constexpr std::size_t kMost = 16;

  explicit RawFields(std::initializer_list<Field> fields) noexcept {
    for (const Field& field : fields) {
      if (size_ < kMost) raw_[size_++] = field.raw();
    }
  }
  [[nodiscard]] std::span<const evh_log_field> all() const noexcept { return {raw_, size_}; }

 private:
  evh_log_field raw_[kMost];
  std::size_t size_ = 0;
};

class Host {
 public:
  explicit Host(const evh_host* table) noexcept : table_(table) {}

  [[nodiscard]] std::string_view instance() const noexcept { return view(table_->instance); }

  void log(Level level, std::string_view message, std::initializer_list<Field> fields = {}) const noexcept {
    const RawFields raw(fields);
    table_->log(table_->self, static_cast<std::int32_t>(level), str(message), raw.all().data(), raw.all().size());
  }
  void debug(std::string_view message, std::initializer_list<Field> fields = {}) const noexcept {
    log(Level::kDebug, message, fields);
  }
  void info(std::string_view message, std::initializer_list<Field> fields = {}) const noexcept {
    log(Level::kInfo, message, fields);
  }
  void warn(std::string_view message, std::initializer_list<Field> fields = {}) const noexcept {
    log(Level::kWarn, message, fields);
  }
  void error(std::string_view message, std::initializer_list<Field> fields = {}) const noexcept {
    log(Level::kError, message, fields);
  }
  [[nodiscard]] bool logs(Level level) const noexcept {
    return table_->log_enabled(table_->self, static_cast<std::int32_t>(level)) != 0;
  }

  // Settings. Asking for one that the descriptor does not declare with that type throws: it is a bug of the plugin.
  [[nodiscard]] std::string text(const char* name) const {
    evh_str value{};
    require(table_->get_text(table_->self, name, &value), name);
    return std::string(view(value));
  }
  [[nodiscard]] std::int64_t integer(const char* name) const {
    std::int64_t value = 0;
    require(table_->get_int(table_->self, name, &value), name);
    return value;
  }
  [[nodiscard]] bool boolean(const char* name) const { return integer(name) != 0; }
  [[nodiscard]] Span duration(const char* name) const { return Span{integer(name)}; }
  [[nodiscard]] std::size_t bytes(const char* name) const { return static_cast<std::size_t>(integer(name)); }
  [[nodiscard]] double number(const char* name) const {
    double value = 0;
    require(table_->get_number(table_->self, name, &value), name);
    return value;
  }
  [[nodiscard]] std::vector<std::string> list(const char* name) const {
    std::size_t count = 0;
    require(table_->get_list(table_->self, name, nullptr, 0, &count), name);
    std::vector<evh_str> raw_values(count);
    require(table_->get_list(table_->self, name, raw_values.data(), count, &count), name);
    std::vector<std::string> values;
    values.reserve(raw_values.size());
    for (const evh_str& value : raw_values) values.emplace_back(view(value));
    return values;
  }

  // [in create only] The table must outlive the plugin's destroy.
  template <class Table>
  void publish(const Table& table) const {
    evh_error error{};
    check(table_->publish(table_->self, ServiceId<Table>::kValue, &table, &error), error);
  }

  // [in start or later] nullptr: nobody provides it.
  template <class Table>
  [[nodiscard]] const Table* find() const noexcept {
    return static_cast<const Table*>(table_->find(table_->self, ServiceId<Table>::kValue));
  }

  // [in start or later] For a need that is not optional.
  template <class Table>
  [[nodiscard]] const Table& need() const {
    const Table* table = find<Table>();
    if (table == nullptr) {
      throw Error(EVH_NOT_FOUND, std::string("no plugin provides ") + ServiceId<Table>::kValue +
                                     ", or it is not among the needs of this one");
    }
    return *table;
  }

  template <class Table>
  struct Provider {
    const Table* table;
    std::string_view instance;
  };

  // [in start or later]
  template <class Table>
  [[nodiscard]] std::vector<Provider<Table>> find_all() const {
    std::vector<evh_provider> raw_providers(table_->find_all(table_->self, ServiceId<Table>::kValue, nullptr, 0));
    table_->find_all(table_->self, ServiceId<Table>::kValue, raw_providers.data(), raw_providers.size());
    std::vector<Provider<Table>> providers;
    providers.reserve(raw_providers.size());
    for (const evh_provider& provider : raw_providers) {
      providers.push_back({static_cast<const Table*>(provider.table), view(provider.instance)});
    }
    return providers;
  }

  void request_shutdown(std::string_view why) const noexcept { table_->request_shutdown(table_->self, str(why)); }

  [[nodiscard]] Time now() const noexcept { return time(table_->now(table_->self)); }

  // False as soon as draining begins.
  [[nodiscard]] bool wait_until(Time until) const noexcept {
    return table_->wait_until(table_->self, evh::raw(until)) == EVH_OK;
  }

  void set_health(Health health, std::string_view why = {}) const noexcept {
    table_->set_health(table_->self, static_cast<std::int32_t>(health), str(why));
  }

 private:
  static void require(evh_code code, const char* name) {
    if (code != EVH_OK)
      throw Error(EVH_INTERNAL, std::string("setting '") + name + "' is not declared with the type that is asked for");
  }

  const evh_host* table_;
};

}  // namespace evh
