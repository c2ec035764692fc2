// /healthz and /readyz, from what the host says of its plugins.
#include "plugin_test.h"

namespace evh::http_api_test {
namespace {

class HealthChecks : public PluginTest {
 protected:
  HealthChecks() { start(); }
  HttpResponse readyz() { return ask(get_request("/readyz")); }
};

TEST_F(HealthChecks, AreGoodWhenEveryPluginIs) {
  fakes_.host_info.set({{.id = "store"}, {.id = "http", .health = EVH_DEGRADED, .why = "slow"}});
  EXPECT_EQ(ask(get_request("/healthz")).status, 200);
  EXPECT_EQ(readyz().status, 200);
  EXPECT_EQ(ask(request_bytes("HEAD", "/readyz"), Question::kHead).status, 200);
}

TEST_F(HealthChecks, NameThePluginsThatAreNotReadyAndWhy) {
  fakes_.host_info.set({{.id = "store", .health = EVH_UNHEALTHY, .why = "disk \"full\""},
                        {.id = "http"},
                        {.id = "metrics", .health = EVH_UNHEALTHY},
                        {.id = "late", .state = EVH_STATE_CREATED}});
  EXPECT_THAT(readyz(), IsError(503, "not ready", "store: disk \"full\"; metrics: unhealthy; late is starting"));
  EXPECT_EQ(ask(get_request("/healthz")).status, 200) << "the process lives all the same";
}

TEST_F(HealthChecks, FollowThePlugins) {
  fakes_.host_info.set({{.id = "store", .health = EVH_UNHEALTHY, .why = "away"}});
  EXPECT_EQ(readyz().status, 503);
  fakes_.host_info.set({{.id = "store"}});
  EXPECT_EQ(readyz().status, 200);
}

TEST_F(HealthChecks, EndReadinessWhenTheShutdownBegins) {
  fakes_.host_info.set({{.id = "store", .state = EVH_STATE_DRAINING}});
  EXPECT_THAT(readyz(), IsError(503, "not ready", "store is shutting down"));
}

TEST_F(HealthChecks, NeverAskTheStore) {
  ask(get_request("/healthz"));
  readyz();
  EXPECT_EQ(store_.scans(), 0U);
  EXPECT_EQ(store_.appends(), 0U);
}

}  // namespace
}  // namespace evh::http_api_test
