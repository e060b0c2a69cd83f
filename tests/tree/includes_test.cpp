// Arrows between storeys and between folders point one way (design, section 3; ARCHITECTURE.md):
// plugins know the toolkit and the language, the engine the language, the toolkit the language,
// the language nobody; and no folder includes one that includes it.
#include "include_graph.hpp"
#include "storeys.hpp"

#include <set>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

const fs::path kTree = IMBREX_SOURCE_DIR;

// Where the engine uses the toolkit; ARCHITECTURE.md says why.
const std::set<std::string> kEngineUsesToolkit = {
    "kernel/src/run/metrics.cpp: imbrex/toolkit/segments/crossbar.hpp",
    "kernel/src/run/span_estimate.cpp: imbrex/toolkit/segments/weight_units.hpp",
};

// A part that says how texts look, not what a machine does: all of the engine may use it.
const Place kTexts{Storey::toolkit, "text"};

std::vector<Include> all_includes() {
  std::vector<Include> all;
  for (const char* part : {"kernel", "sdk/toolkit", "sdk/conform", "sdk/session", "plugins"}) {
    const std::vector<Include> some = includes_below(kTree / part);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::string line_of(const Include& include) {
  return include.file.lexically_relative(kTree).generic_string() + ": " + include.target;
}

TEST(Storeys, AreReadFromPaths) {
  EXPECT_EQ(place_of("kernel/include/imbrex/values/ids.hpp"), (Place{Storey::language, ""}));
  EXPECT_EQ(place_of("kernel/src/base/files.hpp"), (Place{Storey::language, ""}));
  EXPECT_EQ(place_of("kernel/src/run/audit.cpp"), (Place{Storey::engine, "run"}));
  EXPECT_EQ(place_of("kernel/app/main.cpp"), (Place{Storey::engine, "app"}));
  EXPECT_EQ(place_of("sdk/toolkit/search/search_run.cpp"), (Place{Storey::toolkit, "search"}));
  EXPECT_EQ(place_of("sdk/toolkit/include/imbrex/toolkit/search/search_run.hpp"),
            (Place{Storey::toolkit, "search"}));
  EXPECT_EQ(place_of("plugins/search/random.cpp"), (Place{Storey::plugins, "search/random"}));
  EXPECT_EQ(place_of("plugins/search/given/outside.cpp"), (Place{Storey::plugins, "search/given"}));
  EXPECT_EQ(place_of("sdk/conform/checks/cost_checks.cpp"), (Place{Storey::kit, "conform"}));
  EXPECT_EQ(place_of("sdk/conform/problems/networks.hpp"), (Place{Storey::kit, "problems"}));
  EXPECT_EQ(place_of("sdk/session/embedded_run.cpp"), (Place{Storey::embedding, "session"}));
  EXPECT_EQ(place_of("sdk/session/include/imbrex/session.h"), (Place{Storey::embedding, ""}));
  EXPECT_EQ(place_of("plugins/CMakeLists.txt"), std::nullopt);
}

TEST(Storeys, KnowOnlyThoseBelow) {
  EXPECT_TRUE(may_know(Storey::plugins, Storey::toolkit));
  EXPECT_TRUE(may_know(Storey::toolkit, Storey::language));
  EXPECT_FALSE(may_know(Storey::toolkit, Storey::engine));
  EXPECT_FALSE(may_know(Storey::plugins, Storey::engine));
  EXPECT_FALSE(may_know(Storey::engine, Storey::toolkit));
  EXPECT_FALSE(may_know(Storey::language, Storey::toolkit));
  EXPECT_TRUE(may_know(Storey::kit, Storey::engine));
  EXPECT_FALSE(may_know(Storey::kit, Storey::plugins));
  EXPECT_FALSE(may_know(Storey::plugins, Storey::kit));
  EXPECT_TRUE(may_know(Storey::embedding, Storey::engine));
  EXPECT_FALSE(may_know(Storey::engine, Storey::embedding));
  EXPECT_FALSE(may_know(Storey::plugins, Storey::embedding));
}

TEST(Includes, PointDownTheStoreys) {
  std::set<Storey> seen;
  std::set<std::string> excepted;
  for (const Include& include : all_includes()) {
    const auto from = place_of(include.file.lexically_relative(kTree).generic_string());
    const auto target = file_of(include, kTree);
    if (!from || !target) {
      continue;
    }
    EXPECT_TRUE(fs::exists(kTree / *target)) << line_of(include) << " does not exist";
    const auto to = place_of(*target);
    ASSERT_TRUE(to) << line_of(include);
    seen.insert(to->storey);
    const bool is_excepted = kEngineUsesToolkit.contains(line_of(include));
    const bool is_text = from->storey == Storey::engine && *to == kTexts;
    EXPECT_TRUE(is_excepted || is_text || may_know(from->storey, to->storey)) << line_of(include);
    if (is_excepted) {
      excepted.insert(line_of(include));
    }
    if (from->storey == Storey::plugins && to->storey == Storey::plugins) {
      EXPECT_EQ(from->folder, to->folder) << line_of(include) << ": of another component";
    }
  }
  // Nobody but itself includes the kit.
  EXPECT_EQ(seen.size(), 6u) << "a storey that nobody includes was not read";
  EXPECT_EQ(excepted, kEngineUsesToolkit) << "an exception that nobody needs";
}

TEST(Includes, PublicHeadersKnowPublicHeadersOnly) {
  for (const char* part : {"kernel/include", "sdk/toolkit/include", "sdk/session/include"}) {
    for (const Include& include : includes_below(kTree / part)) {
      EXPECT_FALSE(include.quoted) << line_of(include);
    }
  }
}

TEST(Includes, CirclesAreFoundAndNamed) {
  IncludeGraph graph;
  graph["app"]["run"] = "app.cpp includes run/run.hpp";
  graph["run"]["recipe"] = "run.cpp includes recipe/plan.hpp";
  graph["app"]["recipe"] = "app.cpp includes recipe/plan.hpp";
  EXPECT_TRUE(find_circle(graph).empty());
  graph["recipe"]["run"] = "plan.cpp includes run/run.hpp";
  const std::vector<std::string> circle = find_circle(graph);
  EXPECT_EQ(circle, (std::vector<std::string>{"recipe", "run", "recipe"}));
  EXPECT_EQ(explain(graph, circle),
            "recipe -> run (plan.cpp includes run/run.hpp) -> recipe (run.cpp includes "
            "recipe/plan.hpp)");
}

TEST(Includes, FoldersHaveNoCircle) {
  IncludeGraph graph;
  for (const Include& include : all_includes()) {
    const auto from = place_of(include.file.lexically_relative(kTree).generic_string());
    const auto target = file_of(include, kTree);
    const auto to = target ? place_of(*target) : std::nullopt;
    if (from && to && *from != *to) {
      graph[from->text()].try_emplace(to->text(), line_of(include));
    }
  }
  // The reading works: these arrows are what the command and a search are made of.
  ASSERT_TRUE(graph["engine app"].contains("engine run"));
  ASSERT_TRUE(graph["engine run"].contains("engine recipe"));
  ASSERT_TRUE(graph["toolkit search"].contains("toolkit mapspace"));
  const std::vector<std::string> circle = find_circle(graph);
  EXPECT_TRUE(circle.empty()) << explain(graph, circle);
}

}  // namespace
}  // namespace imbrex::test
