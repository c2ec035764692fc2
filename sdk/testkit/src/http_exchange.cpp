#include "evh/testkit/http_exchange.h"

#include <strings.h>

#include <algorithm>
#include <ostream>

#include "http_responder_state.h"

namespace evh::testkit {

HttpAnswer HttpExchange::answer() const {
  return state_->answer();
}

bool HttpExchange::wait(Span patience) const {
  return state_->wait(patience);
}

bool HttpExchange::wait_for_status(Span patience) const {
  return state_->wait_for_status(patience);
}

bool HttpExchange::wait_for_body(std::size_t bytes, Span patience) const {
  return state_->wait_for_body(bytes, patience);
}

bool HttpExchange::wait_for_stall(Span patience) const {
  return state_->wait_for_stall(patience);
}

bool HttpExchange::is_released() const {
  return state_->is_released();
}

void HttpExchange::stall() {
  state_->stall();
}

void HttpExchange::resume() {
  state_->resume();
}

void HttpExchange::vanish() {
  state_->vanish();
}

std::string HttpAnswer::header(std::string_view name) const {
  const std::string wanted(name);
  const auto found = std::ranges::find_if(
      headers, [&](const HttpHeader& header) { return strcasecmp(header.name.c_str(), wanted.c_str()) == 0; });
  return found == headers.end() ? std::string() : found->value;
}

std::ostream& operator<<(std::ostream& out, const HttpAnswer& answer) {
  constexpr std::size_t kShown = 500;
  out << answer.status << (answer.is_stream ? " stream" : "") << (answer.is_complete ? "" : " not whole");
  for (const HttpHeader& header : answer.headers) out << ' ' << header.name << ": " << header.value << ';';
  return out << " \"" << answer.body.substr(0, kShown) << (answer.body.size() > kShown ? "\"..." : "\"");
}

}  // namespace evh::testkit
