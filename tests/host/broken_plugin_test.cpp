// Files and descriptors that no program can work with: refused before anything is created.
#include "host_run.h"

namespace evh::host_test {
namespace {

struct Broken {
  const char* plugin;
  std::vector<std::string> said;  // and the file, and its place in the YAML
};

void PrintTo(const Broken& broken, std::ostream* out) {
  *out << broken.plugin;
}

// The test's name.
std::string name_of(const testing::TestParamInfo<Broken>& info) {
  std::string name = info.param.plugin;
  std::erase(name, '-');
  return name;
}

class BrokenPlugin : public HostRun, public testing::WithParamInterface<Broken> {};

TEST_P(BrokenPlugin, IsRefusedInOneLine) {
  const Broken& broken = GetParam();
  configure(std::string("- {id: good, plugin: steady}\n- {id: bad, plugin: ") + broken.plugin + "}\n");
  for (const char* command : {"run", "check", "plan"}) {
    const Ended ended = run({command, "--config", kConfig});
    EXPECT_THAT(ended,
                IsRefusedWith(Line("events.yaml:6:21: plugin 'bad': ", std::string("/") + broken.plugin + ".so")));
    for (const std::string& part : broken.said) EXPECT_THAT(ended.errors, testing::HasSubstr(part));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, BrokenPlugin,
    testing::Values(
        Broken{"no-entry", {"exports no function evh_plugin_entry", "Build it with evh_add_plugin()"}},
        Broken{"null-entry", {"evh_plugin_entry returned NULL", "bug of the plugin"}},
        Broken{"other-abi", {"built for plugin ABI 7, this program speaks 1", "Rebuild it"}},
        Broken{"short-descriptor", {"136 bytes, at least 144 are needed", "Rebuild it"}},
        Broken{"throws-in-entry", {"evh_plugin_entry", "this plugin throws"}},
        Broken{"undefined-symbol", {"undefined symbol: surely_nobody_defines_this", "all it needs linked in"}},
        Broken{"misnamed", {"calls itself 'somebody-else'", "Name the file after the plugin"}},
        Broken{"bad-setting", {"setting 'port' has a default that must be at least 1, got '0'", "bug of the plugin"}}),
    name_of);

using BrokenPluginTest = HostRun;

TEST_F(BrokenPluginTest, ThatEndsTheProcessWhileItIsOpenedIsNamed) {
  configure("- {id: bad, plugin: exits-in-open}\n");
  EXPECT_THAT(run({"check", "--config", kConfig}),
              IsRefusedWith(Line(HOST_TEST_PLUGINS "/exits-in-open.so: ", "called exit()")));
}

}  // namespace
}  // namespace evh::host_test
