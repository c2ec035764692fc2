// config/standalone.yaml as it is, and the environment that it reads.
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/requests.h"
#include "harness/server.h"
#include "harness/system_test.h"

namespace evh::system_test {
namespace {

class Standalone : public SystemTest {
 protected:
  // The program, with the configuration that users start it with.
  ChildProcess start(std::map<std::string, std::string> environment) const {
    environment.emplace("PORT", "0");
    environment.emplace("HOST", "127.0.0.1");
    return ChildProcess({.program = EVH_PROGRAM,
                         .arguments = {"run", "--config", EVH_SOURCE_FOLDER "/config/standalone.yaml"},
                         .environment = std::move(environment),
                         .working_folder = folder_.path()});
  }

  static nlohmann::json first_line(const ChildProcess& process, std::string_view message) {
    std::istringstream lines(process.output());
    for (std::string line; std::getline(lines, line);) {
      if (line.find("\"msg\":\"" + std::string(message)) != std::string::npos) return nlohmann::json::parse(line);
    }
    return {};
  }

  static std::uint16_t port_of(ChildProcess& process) {
    EXPECT_TRUE(eventually([&] { return !first_line(process, "ready").is_null() || !process.is_running(); }));
    const nlohmann::json listening = first_line(process, "listening");
    if (listening.is_null()) throw std::runtime_error(process.output() + process.errors());
    return listening.at("port").get<std::uint16_t>();
  }
};

TEST_F(Standalone, RunsWithNothingElseInstalled) {
  ChildProcess process = start({});
  HttpConnection connection(port_of(process));
  EXPECT_THAT(connection.ask(post_request(event_json(1, "a"))), IsCreated());
  EXPECT_EQ(nlohmann::json::parse(connection.ask(get_request(kAllEvents)).body).size(), 1U);
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "data" / "events.db"));
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait_for_exit(kPatience), 0);
}

TEST_F(Standalone, ReadsItsEnvironment) {
  ChildProcess process = start({{"BASE_PATH", ""},
                                {"SQLITE_PATH", (folder_.path() / "other.db").string()},
                                {"CORS_ALLOW_ORIGINS", "http://a.example"},
                                {"TZ", "America/New_York"}});
  HttpConnection connection(port_of(process));
  const HttpResponse created =
      connection.ask(request_bytes("POST", "/events", "Origin: http://a.example\r\n", event_json(1, "a")));
  EXPECT_THAT(created, IsCreated());
  EXPECT_EQ(created.header("Access-Control-Allow-Origin"), "http://a.example");
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "other.db"));
  EXPECT_TRUE(first_line(process, "ready")["time"].get<std::string>().ends_with("Z"));
}

TEST_F(Standalone, ReadsADotEnvBelowTheRealEnvironment) {
  std::ofstream(folder_.path() / ".env") << "BASE_PATH=/from-file\nCORS_ALLOW_ORIGINS=http://file.example\n";
  ChildProcess process = start({{"CORS_ALLOW_ORIGINS", "http://real.example"}});
  HttpConnection connection(port_of(process));
  const HttpResponse created =
      connection.ask(request_bytes("POST", "/from-file/events", "Origin: http://real.example\r\n", event_json(1, "a")));
  EXPECT_THAT(created, IsCreated());
}

TEST_F(Standalone, FallsBackToTheDefaultForANumberThatIsNone) {
  ChildProcess process = start({{"READ_TIMEOUT_SECONDS", "soon"}});
  HttpConnection connection(port_of(process));
  EXPECT_EQ(connection.ask(get_request("/healthz")).status, 200);
  EXPECT_THAT(process.output(), testing::ContainsRegex("\"level\":\"warn\".*READ_TIMEOUT_SECONDS"));
}

}  // namespace
}  // namespace evh::system_test
