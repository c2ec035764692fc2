#include "list_events.h"

#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "event_writer.h"
#include "evh/text.hpp"
#include "json_answer.h"
#include "list_query.h"
#include "query_string.h"

namespace evh::http_api {
namespace {

// A page is read until its JSON is this long, or has this many events.
constexpr std::size_t kPageBytes = 128 * 1024;
constexpr std::uint64_t kPageEvents = 1000;

// With a limit the whole answer is put together before its first byte is sent, since the link to the next page goes
// before it. Past this size the page ends early; the link leads on.
constexpr std::size_t kMaxLimitedBytes = 8 * 1024 * 1024;

}  // namespace

// One request on its way through the result. Used by one thread at a time: a worker, or none while the client takes its
// time.
class ListEvents::Listing : public std::enable_shared_from_this<Listing> {
 public:
  Listing(ListEvents& endpoint, ListQuery query, QueryString parameters, const evh_responder& responder)
      : endpoint_(endpoint),
        query_(std::move(query)),
        parameters_(std::move(parameters)),
        responder_(responder),
        scan_(to_scan(query_)) {
    responder_.retain(responder_.self);
  }
  ~Listing() { responder_.release(responder_.self); }
  Listing(const Listing&) = delete;
  Listing& operator=(const Listing&) = delete;

  void run() { query_.limit ? answer_limited() : go_on(); }

 private:
  // Reads on behind what was read. False: failed, error_ says why.
  bool read_page(std::uint64_t limit, std::size_t byte_limit) {
    byte_limit_ = byte_limit;
    scan_.limit = limit;
    page_events_ = 0;
    stopped_early_ = false;
    const auto take = [](void* self, const evh_event* events, std::size_t count) {
      return static_cast<Listing*>(self)->take(events, count);
    };
    const auto cancelled = [](void* self) -> std::int32_t {
      return static_cast<Listing*>(self)->endpoint_.cancelled_.load() ? 1 : 0;
    };
    const evh_code code = endpoint_.store_.scan(endpoint_.store_.self, &scan_, take, cancelled, this, &error_);
    if (code == EVH_OK) {
      at_end_ = page_events_ < limit && !stopped_early_;
      return true;
    }
    error_.code = code;
    endpoint_.host_.warn("reading events failed", {{"error", std::string_view(error_.message)}, {"code", code}});
    return false;
  }

  std::int32_t take(const evh_event* events, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      if (page_events_ == scan_.limit) break;
      if (text_.size() >= byte_limit_) {
        stopped_early_ = true;
        return 1;
      }
      text_.push_back(written_++ == 0 ? '[' : ',');
      append_event_json(text_, events[i]);
      scan_.after_time = events[i].created_at;
      scan_.after_id = events[i].id;
      ++page_events_;
    }
    return 0;
  }

  void answer_limited() {
    const std::uint64_t limit = *query_.limit;
    // One event more than asked for tells whether there is a next page.
    if (!read_page(limit, kMaxLimitedBytes)) return answer_failure();
    bool more = !at_end_;
    const Cursor end{scan_.after_time, scan_.after_id, query_.order};
    text_.append(written_ == 0 ? "[]" : "]");
    std::string body = std::move(text_);
    if (more && !stopped_early_) {
      text_.clear();
      const std::uint64_t before = written_;
      if (!read_page(1, kMaxLimitedBytes)) return answer_failure();
      more = written_ > before;
    }
    const std::string link =
        more ? "<" + next_page_target(endpoint_.path_, parameters_, end) + ">; rel=\"next\"" : std::string();
    const evh_header headers[] = {{str("Content-Type"), str("application/json")}, {str("Link"), str(link)}};
    responder_.respond(responder_.self, 200, headers, more ? 2 : 1, str(body));
  }

  // One step: hands over what was read, reads a page, and queues up behind the others for the next step.
  void go_on() {
    if (!text_.empty()) {
      waiting_ = shared_from_this();  // for on_ready
      const evh_code code = responder_.try_write(responder_.self, str(text_), &Listing::on_ready, this);
      if (code == EVH_OVERLOADED) return;  // on_ready has the reference, and may be running already
      waiting_.reset();
      if (code != EVH_OK) return responder_.end_stream(responder_.self, 0);
      text_.clear();
      if (at_end_) return responder_.end_stream(responder_.self, 1);
    }
    if (!read_page(kPageEvents, kPageBytes))
      return began_ ? responder_.end_stream(responder_.self, 0) : answer_failure();
    if (at_end_) text_.append(written_ == 0 ? "[]" : "]");
    if (!began_ && at_end_) return respond_json(responder_, 200, text_);
    if (began_ || begin()) resume();
  }

  void resume() {
    endpoint_.workers_.resume([self = shared_from_this()] { self->run(); });
  }

  bool begin() {
    const evh_header type{str("Content-Type"), str("application/json")};
    const evh_code code = responder_.begin_stream(responder_.self, 200, &type, 1);
    if (code == EVH_OVERLOADED) {
      respond_error(responder_, server_busy("too many answers are being streamed, in all or to this client"));
    }
    began_ = code == EVH_OK;
    return began_;
  }

  void answer_failure() {
    if (error_.code == EVH_OVERLOADED) {
      return respond_error(responder_, server_busy("every reader of the store is busy"));
    }
    respond_error(responder_, {500, "failed to fetch events", {}});
  }

  // From the loop, or from inside another call: the client takes more, or is gone, which the next write will tell.
  static void on_ready(void* self, std::int32_t /*gone*/) {
    const std::shared_ptr<Listing> listing = std::move(static_cast<Listing*>(self)->waiting_);
    listing->resume();
  }

  ListEvents& endpoint_;
  const ListQuery query_;
  const QueryString parameters_;
  const evh_responder& responder_;
  evh_scan scan_;

  std::string text_;  // JSON that was not handed over yet
  std::size_t byte_limit_ = 0;
  std::uint64_t page_events_ = 0;
  std::uint64_t written_ = 0;  // events, since the start
  bool stopped_early_ = false;
  bool at_end_ = false;
  bool began_ = false;
  evh_error error_{};
  std::shared_ptr<Listing> waiting_;  // itself, while a client that is slow holds it up
};

void ListEvents::handle(void* self, const evh_request* request, const evh_responder* responder) {
  ListEvents& endpoint = *static_cast<ListEvents*>(self);
  QueryString parameters;
  ListQuery query;
  if (const auto error = QueryString::parse(view(request->query), parameters)) return respond_error(*responder, *error);
  if (const auto error = parse_list_query(parameters, query)) return respond_error(*responder, *error);
  const auto listing = std::make_shared<Listing>(endpoint, std::move(query), std::move(parameters), *responder);
  if (!endpoint.workers_.try_submit([listing] { listing->run(); })) {
    respond_error(*responder, server_busy("too many answers are waiting to be read from the store"));
  }
}

}  // namespace evh::http_api
