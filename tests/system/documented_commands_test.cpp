// What the documentation shows is what happens: the commands in the ```console blocks of README.md that begin with
// `$ curl`, run with the real curl, in their order, against a fresh server.
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "harness/child_process.h"
#include "harness/server.h"
#include "harness/system_test.h"

namespace evh::system_test {
namespace {

struct Example {
  std::string command;
  std::string output;  // lines, each with its end
  int line = 0;        // of README.md
};

// A command goes on behind a backslash at the end of a line; its output ends with the next command or the block.
std::vector<Example> examples_in(std::istream& text) {
  constexpr std::string_view kPrompt = "$ ";
  std::vector<Example> examples;
  bool in_block = false;
  bool in_command = false;
  int number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    if (line.starts_with("```")) {
      in_block = line == "```console";
      in_command = false;
    } else if (in_block && line.starts_with(kPrompt)) {
      examples.push_back({line.substr(kPrompt.size()), "", number});
      in_command = line.ends_with('\\');
    } else if (in_block && in_command) {
      examples.back().command += "\n" + line;
      in_command = line.ends_with('\\');
    } else if (in_block && !examples.empty()) {
      examples.back().output += line + "\n";
    }
  }
  std::erase_if(examples, [](const Example& example) { return !example.command.starts_with("curl"); });
  return examples;
}

// What differs from run to run, in the output as in the documentation: times, request ids, and dates of HTTP.
std::string normalised(std::string text) {
  static const std::regex time(R"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z)");
  static const std::regex date(R"([A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT)");
  static const std::regex request_id(R"((X-Request-Id: )\S+)", std::regex::icase);
  text = std::regex_replace(text, time, "TIME");
  text = std::regex_replace(text, date, "DATE");
  text = std::regex_replace(text, request_id, "$1ID");
  std::erase(text, '\r');
  if (!text.empty() && !text.ends_with('\n')) text += '\n';  // the shell's prompt comes on a line of its own
  return text;
}

class DocumentedCommands : public SystemTest {};

TEST_F(DocumentedCommands, DoWhatTheReadmeShows) {
  std::ifstream readme(EVH_SOURCE_FOLDER "/README.md");
  ASSERT_TRUE(readme) << "no README.md";
  const std::vector<Example> examples = examples_in(readme);
  ASSERT_FALSE(examples.empty()) << "README.md shows no curl command in a console block";
  const Server server(folder_);
  const std::string port = std::to_string(server.port());
  for (const Example& example : examples) {
    SCOPED_TRACE("README.md:" + std::to_string(example.line) + ": " + example.command);
    ASSERT_NE(example.command.find("localhost:8080"), std::string::npos);
    const std::string command = std::regex_replace(example.command, std::regex("localhost:8080"), "127.0.0.1:" + port);
    ChildProcess shell({.program = "/bin/sh",
                        .arguments = {"-c", command},
                        .environment = {{"no_proxy", "*"}},
                        .working_folder = folder_.path()});
    ASSERT_EQ(shell.wait_for_exit(kPatience), 0) << shell.errors();
    EXPECT_EQ(normalised(shell.output()), normalised(example.output));
  }
}

}  // namespace
}  // namespace evh::system_test
