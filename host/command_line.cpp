#include "command_line.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "exit_code.h"

namespace evh::host {
namespace {

constexpr const char* kDescription =
    "Loads the plugins that a YAML file names, connects them, and runs them until SIGTERM or SIGINT.";

constexpr const char* kFooter =
    "\nThe configuration is filled from the environment, and from a .env file in the working folder: ${NAME},\n"
    "${NAME:-default}. Without --config, config/standalone.yaml is taken if it is there.\n"
    "Exit codes: 0 all went well; 1 something failed at run time; 2 the command line, the configuration or a plugin "
    "is\n"
    "wrong, and nothing was started.";

void add_config(CLI::App& command, CommandLine& command_line, const std::string& what) {
  command.add_option("-c,--config", command_line.config, what)->type_name("FILE");
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
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "events-handler: %s. Run `events-handler --help`\n", error.what());
    return {std::nullopt, kExitRefused};
  }
}

}  // namespace evh::host
