// Needs that cannot be met, or could be met in more than one way.
#include "host_run.h"

namespace evh::host_test {
namespace {

class RefusedGraph : public HostRun {
 protected:
  Ended check(const std::string& plugins) const {
    configure(plugins);
    const Ended checked = run({"check", "--config", kConfig});
    const Ended started = run_to_end();
    EXPECT_EQ(checked.errors, started.errors);
    EXPECT_EQ(started.exit_code, 2);
    EXPECT_EQ(started.output, "");
    return checked;
  }
};

TEST_F(RefusedGraph, WithANeedThatNobodyMeets) {
  EXPECT_THAT(check("- {id: one, plugin: user}\n"),
              IsRefusedWith(Line("events.yaml:5:3: plugin 'one' (user) needs test.thing/1, which no plugin of this "
                                 "configuration provides",
                                 "events-handler plugins list")));
}

TEST_F(RefusedGraph, WithTwoProvidersAndNobodySayingWhich) {
  EXPECT_THAT(check("- {id: a, plugin: provider}\n- {id: b, plugin: provider}\n- {id: one, plugin: user}\n"),
              IsRefusedWith(Line("events.yaml:7:3: plugin 'one' (user) needs test.thing/1, which several plugins "
                                 "provide: 'a', 'b'",
                                 "`uses: {test.thing/1: a}`")));
}

TEST_F(RefusedGraph, WithACircle) {
  EXPECT_THAT(check("- {id: an-egg, plugin: egg}\n- {id: a-hen, plugin: hen}\n"),
              IsRefusedWith(Line("events.yaml:5:3: these plugins need each other in a circle",
                                 "an-egg needs test.hen/1 from a-hen, a-hen needs test.egg/1 from an-egg",
                                 "choose another provider with `uses:`")));
}

TEST_F(RefusedGraph, WithAProviderThatIsNoPlugin) {
  EXPECT_THAT(check("- {id: first, plugin: provider}\n- {id: one, plugin: user, uses: {test.thing/1: frist}}\n"),
              IsRefusedWith(Line("events.yaml:6:48: plugin 'one': uses 'test.thing/1' of 'frist', which is no "
                                 "plugin's id; did you mean 'first'?")));
}

TEST_F(RefusedGraph, WithAProviderThatDoesNotProvideIt) {
  EXPECT_THAT(
      check("- {id: a, plugin: provider}\n- {id: s, plugin: steady}\n"
            "- {id: one, plugin: user, uses: {test.thing/1: s}}\n"),
      IsRefusedWith(Line("events.yaml:7:48: plugin 'one': uses 'test.thing/1' of 's', which does not provide it. "
                         "It is provided by: 'a'")));
}

TEST_F(RefusedGraph, WithAUseOfWhatIsNotNeeded) {
  EXPECT_THAT(check("- {id: a, plugin: provider}\n- {id: one, plugin: user, uses: {test.thign/1: a}}\n"),
              IsRefusedWith(Line("events.yaml:6:34: plugin 'one': uses 'test.thign/1' names a service that it does not "
                                 "need; did you mean 'test.thing/1'?")));
}

}  // namespace
}  // namespace evh::host_test
