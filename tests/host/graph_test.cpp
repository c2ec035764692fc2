#include "graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace evh::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Nodes that own what graph.h borrows. The line of each is its position.
class GraphTest : public testing::Test {
 protected:
  struct Spec {
    std::string id, plugin;
    std::vector<std::string> provides;
    std::vector<Need> needs;
    std::vector<UseEntry> uses;
  };

  void add(std::string id, std::vector<std::string> provides, std::vector<Need> needs = {},
           std::vector<UseEntry> uses = {}) {
    const std::string plugin = id + "-plugin";
    specs_.push_back({std::move(id), plugin, std::move(provides), std::move(needs), std::move(uses)});
  }

  static Need required(std::string service) { return {std::move(service), false}; }
  static Need optional(std::string service) { return {std::move(service), true}; }
  static UseEntry use(std::string service, std::string provider) {
    return {std::move(service), {90, 1}, std::move(provider), {90, 5}};
  }

  Graph connect() const {
    std::vector<Node> nodes;
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      const Spec& spec = specs_[i];
      nodes.push_back({spec.id, {i + 1, 3}, spec.plugin, spec.provides, spec.needs, spec.uses});
    }
    return host::connect("f.yaml", nodes);
  }

  std::vector<std::string> order() const {
    std::vector<std::string> ids;
    for (const std::size_t index : connect().start_order) ids.push_back(specs_[index].id);
    return ids;
  }

  std::string problem() const {
    try {
      static_cast<void>(connect());
      return "no problem";
    } catch (const StartRefused& refused) {
      return refused.problems().front();
    }
  }

  std::vector<Spec> specs_;
};

TEST_F(GraphTest, OrdersByNeedsAndElseAsConfigured) {
  add("web", {}, {required("router")});
  add("http", {"router"}, {required("store")});
  add("other", {});
  add("db", {"store"});
  EXPECT_THAT(order(), ElementsAre("other", "db", "http", "web"));
}

TEST_F(GraphTest, MakesNoOrderOfOptionalNeedsNorCirclesOfThem) {
  add("a", {"x"}, {optional("y")});
  add("b", {"y"}, {optional("x")});
  EXPECT_THAT(order(), ElementsAre("a", "b"));
  const Graph graph = connect();
  EXPECT_THAT(graph.edges[0].front().providers, ElementsAre(1U));
  EXPECT_THAT(graph.edges[1].front().providers, ElementsAre(0U));
}

TEST_F(GraphTest, LetsUsesDecideBetweenSeveralAndKeepsTheOthers) {
  add("a", {"x"});
  add("b", {"x"});
  add("c", {"x"});
  add("user", {}, {required("x")}, {use("x", "b")});
  EXPECT_THAT(connect().edges[3].front().providers, ElementsAre(1U, 0U, 2U));
}

TEST_F(GraphTest, RefusesSeveralProvidersWithoutUses) {
  add("a", {"x"});
  add("b", {"x"});
  add("user", {}, {required("x")});
  EXPECT_THAT(problem(), testing::AllOf(HasSubstr("f.yaml:3:3: plugin 'user' (user-plugin) needs x, which several"),
                                        HasSubstr("'a', 'b'"), HasSubstr("`uses: {x: a}`")));
}

TEST_F(GraphTest, RefusesANeedThatNobodyMeets) {
  add("user", {}, {required("x")});
  EXPECT_THAT(problem(), HasSubstr("f.yaml:1:3: plugin 'user' (user-plugin) needs x, which no plugin"));
}

TEST_F(GraphTest, LeavesAnOptionalNeedUnmet) {
  add("user", {}, {optional("x")});
  EXPECT_THAT(connect().edges[0].front().providers, testing::IsEmpty());
}

TEST_F(GraphTest, RefusesACircleAndNamesNothingElse) {
  add("outside", {}, {required("a")});
  add("p", {"a"}, {required("b")});
  add("q", {"b"}, {required("c")});
  add("r", {"c"}, {required("a")});
  EXPECT_THAT(problem(), testing::AllOf(HasSubstr("f.yaml:2:3: "),
                                        HasSubstr("p needs b from q, q needs c from r, r "
                                                  "needs a from p"),
                                        testing::Not(HasSubstr("outside"))));
}

TEST_F(GraphTest, RefusesAPluginThatMeetsOnlyItsOwnNeed) {
  add("alone", {"x"}, {required("x")});
  EXPECT_THAT(problem(), HasSubstr("needs x, which no plugin"));
}

TEST_F(GraphTest, LetsAPluginStandInFrontOfAnotherProvider) {
  add("cache", {"store"}, {required("store")});
  add("db", {"store"});
  add("user", {}, {required("store")}, {use("store", "cache")});
  EXPECT_THAT(order(), ElementsAre("db", "cache", "user"));
}

TEST_F(GraphTest, RefusesUsesThatNameNoSuchThing) {
  add("a", {"x"});
  add("b", {});
  add("user", {}, {required("x")}, {use("x", "b")});
  EXPECT_THAT(problem(), HasSubstr("f.yaml:90:5: plugin 'user': uses 'x' of 'b', which does not provide it"));
  specs_.back().uses = {use("x", "nobody")};
  EXPECT_THAT(problem(), HasSubstr("which is no plugin's id; known are: a, b, user"));
  specs_.back().uses = {use("y", "a")};
  EXPECT_THAT(problem(), HasSubstr("f.yaml:90:1: plugin 'user': uses 'y' names a service that it does not need"));
  specs_.back().provides = {"x"};
  specs_.back().uses = {use("x", "user")};
  EXPECT_THAT(problem(), HasSubstr("of itself. Name another plugin"));
}

TEST_F(GraphTest, GivesHostServicesToEverybodyAndToNobodyElseToProvide) {
  add("user", {}, {required("evh.host-info/1")});
  EXPECT_TRUE(connect().edges[0].front().is_met_by_host);
  add("impostor", {"evh.host-info/1"});
  EXPECT_THAT(problem(), HasSubstr("which the host itself provides"));
}

TEST_F(GraphTest, StartsEveryProviderBeforeItsUserInRandomGraphs) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 50; ++round) {
    specs_.clear();
    const std::size_t count = 2 + random() % 20;
    std::vector<std::size_t> rank(count);
    for (std::size_t i = 0; i < count; ++i) rank[i] = i;
    std::shuffle(rank.begin(), rank.end(), random);
    for (std::size_t i = 0; i < count; ++i) {
      std::vector<Need> needs;
      for (std::size_t j = 0; j < count; ++j) {
        if (rank[j] < rank[i] && random() % 3 == 0) needs.push_back(required("s" + std::to_string(j)));
      }
      add("n" + std::to_string(i), {"s" + std::to_string(i)}, needs);
    }
    const Graph graph = connect();
    ASSERT_EQ(graph.start_order.size(), count);
    std::vector<std::size_t> position(count);
    for (std::size_t i = 0; i < count; ++i) position[graph.start_order[i]] = i;
    for (std::size_t i = 0; i < count; ++i) {
      for (const Edge& edge : graph.edges[i]) EXPECT_LT(position[edge.providers.front()], position[i]);
    }
  }
}

}  // namespace
}  // namespace evh::host
