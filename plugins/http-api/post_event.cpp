#include "post_event.h"

#include <memory>
#include <string>
#include <utility>

#include "event_parser.h"
#include "evh/text.hpp"
#include "json_answer.h"

namespace evh::http_api {
namespace {

ApiError store_unavailable(std::string details) {
  return {503, "store unavailable", std::move(details), kRetryAfter};
}

ApiError insert_failed() {
  return {500, "failed to insert event", {}};
}

ApiError failure_of(evh_code code) {
  switch (code) {
    case EVH_OVERLOADED:
      return store_unavailable("the queue of the store is full");
    case EVH_TIMEOUT:
      return store_unavailable("the store did not get to the event in time; it was not stored");
    case EVH_UNKNOWN_OUTCOME:
      return store_unavailable("the event may have been stored");
    case EVH_UNAVAILABLE:
    case EVH_CANCELLED:
      return store_unavailable("the event was not stored");
    default:
      return insert_failed();
  }
}

}  // namespace

// What the store borrows until it answers.
struct PostEvent::Pending {
  ParsedEvent parsed;
  evh_new_event event{};
  const evh_responder* responder = nullptr;
};

void PostEvent::handle(void* self, const evh_request* request, const evh_responder* responder) {
  const PostEvent& endpoint = *static_cast<PostEvent*>(self);
  auto pending = std::make_unique<Pending>();
  if (const auto error = parse_event(view(request->body), pending->parsed)) return respond_error(*responder, *error);

  pending->event = {.user_id = pending->parsed.user_id,
                    .action = str(pending->parsed.action()),
                    .metadata = str(pending->parsed.metadata),
                    .created_at = 0};
  pending->responder = responder;
  responder->retain(responder->self);
  const evh_new_event* event = &pending->event;
  endpoint.store_.append(endpoint.store_.self, event, 1, endpoint.max_wait_.count(), &PostEvent::answer,
                         pending.release());
}

void PostEvent::answer(void* pending, const evh_error* error, const std::int64_t*, const evh_code* each, std::size_t) {
  const std::unique_ptr<Pending> done(static_cast<Pending*>(pending));
  const evh_responder& responder = *done->responder;
  if (error->code != EVH_OK) {
    respond_error(responder, failure_of(error->code));
  } else if (each != nullptr && each[0] != EVH_OK) {
    respond_error(responder, insert_failed());
  } else {
    respond_json(responder, 201, {});
  }
  responder.release(responder.self);
}

}  // namespace evh::http_api
