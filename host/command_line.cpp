#include "command_line.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "exit_code.h"
#include "printable.h"
#include "spelling.h"

namespace evh::host {
namespace {

constexpr const char* kDescription =
    "Loads the plugins that a YAML file names, connects them, and runs them until SIGTERM or SIGINT.";

constexpr const char* kFooter =
    "\nThe configuration is filled from the environment, and from a .env file in the working folder: ${NAME},\n"
    "${NAME:-default}. Without --config, config/standalone.yaml is taken if it is there.\n"
    "Exit codes: 0 all went well; 1 something failed at run time; 2 the command line, the configuration or a plugin\n"
    "is wrong, and nothing was started; 128 and the number of a signal: it ended the process at once.";

void add_config(CLI::App& command, CommandLine& command_line, const std::string& what) {
  command.add_option("-c,--config", command_line.config, what)->type_name("FILE");
}

void print_refusal(const std::string& what) {
  const char* const end = what.ends_with('?') ? "" : ".";
  std::fprintf(stderr, "events-handler: %s%s Run `events-handler --help`\n", printable(what).c_str(), end);
}

// Which command of `app`, or of the command in hand, was meant by `word`.
std::string known_words(const CLI::App& app, const std::string& word) {
  const std::vector<CLI::App*> in_hand = app.get_subcommands();
  const CLI::App& parent = in_hand.empty() ? app : *in_hand.front();
  std::vector<std::string> names;
  for (const CLI::App* command : parent.get_subcommands({})) names.push_back(command->get_name());
  const std::vector<std::string_view> known(names.begin(), names.end());
  return advise(word, known);
}

}  // namespace

CommandLineResult parse_command_line(int argc, const char* const* argv) {
  CommandLine command_line;
  CLI::App app(kDescription, "events-handler");
  app.footer(kFooter);
  app.set_help_flag("-h,--help", "Print this help, or that of a command");
  app.set_help_all_flag("--help-all", "Print the help of all commands");
  app.set_version_flag("--version", std::string(), "Print the version");
  app.require_subcommand(1);

  const auto add = [&](CLI::App& parent, const char* name, const char* what, Command command) -> CLI::App& {
    CLI::App& added = *parent.add_subcommand(name, what);
    added.callback([&command_line, command] { command_line.command = command; });
    return added;
  };
  const std::string config = "The YAML file with the plugins and their settings";
  add_config(add(app, "run", "Start the plugins and run until a signal", Command::kRun), command_line, config);
  add_config(add(app, "check", "Open the plugins and validate everything; start nothing", Command::kCheck),
             command_line, config);
  add_config(add(app, "plan", "Print what run would do: order, connections, settings (secrets masked)", Command::kPlan),
             command_line, config);
  CLI::App& plugins = *app.add_subcommand("plugins", "Print what is installed");
  plugins.require_subcommand(1);
  const std::string folders = "Look in the plugin folders of this YAML file, too";
  add_config(add(plugins, "list", "Print the plugins in the plugin folders", Command::kListPlugins), command_line,
             folders);
  CLI::App& show = add(plugins, "show", "Print the services and settings of one plugin", Command::kShowPlugin);
  show.add_option("NAME", command_line.plugin, "A plugin's name, or the absolute path of its file")->required();
  add_config(show, command_line, folders);
  add(app, "version", "Print the version of the program and of its plugin ABI", Command::kVersion);

  if (argc <= 1) {
    std::fputs(app.help().c_str(), stderr);
    return {std::nullopt, kExitRefused};
  }
  try {
    app.parse(argc, argv);
    return {command_line, kExitOk};
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    return {std::nullopt, kExitOk};
  } catch (const CLI::CallForAllHelp&) {
    std::fputs(app.help("", CLI::AppFormatMode::All).c_str(), stdout);
    return {std::nullopt, kExitOk};
  } catch (const CLI::CallForVersion&) {
    command_line.command = Command::kVersion;
    return {command_line, kExitOk};
  } catch (const CLI::RequiredError& error) {
    // A missing command is told of before an unknown one, which is what it is when there are words left.
    const std::vector<std::string> unknown = app.remaining(true);
    print_refusal(unknown.empty() ? error.what()
                                  : "there is no '" + unknown.front() + "'; " + known_words(app, unknown.front()));
    return {std::nullopt, kExitRefused};
  } catch (const CLI::ParseError& error) {
    print_refusal(error.what());
    return {std::nullopt, kExitRefused};
  }
}

}  // namespace evh::host
