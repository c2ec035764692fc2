#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "evh/testkit/temp_folder.h"
#include "harness/http_response.h"

namespace evh::system_test {

/// Every test has a folder of its own, for one server or several, one after the other.
class SystemTest : public testing::Test {
 protected:
  const testkit::TempFolder folder_;
};

/// A refusal, to the byte.
MATCHER_P3(IsError, status, error, details, "is " + std::to_string(status) + " " + error_json(error, details)) {
  *result_listener << "is " << arg.status << " " << arg.body;
  return arg.status == status && arg.body == error_json(error, details) &&
         arg.header("Content-Type") == "application/json";
}

/// A refusal with this status and error, whose details are the server's business.
MATCHER_P2(IsErrorOf, status, error, "is " + std::to_string(status) + " with the error " + std::string(error)) {
  const std::string start = R"({"error":")" + std::string(error) + '"';
  *result_listener << "is " << arg.status << " " << arg.body;
  return arg.status == status && arg.body.starts_with(start) && arg.header("Content-Type") == "application/json";
}

/// 201 as the API promises it.
MATCHER(IsCreated, "is 201 Created with an empty body") {
  *result_listener << "is " << arg.status << " " << arg.body;
  return arg.status == 201 && arg.body.empty() && arg.header("Content-Length") == "0" &&
         arg.header("Content-Type") == "application/json";
}

}  // namespace evh::system_test
