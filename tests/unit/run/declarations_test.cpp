// What components declare beside their interfaces, checked when a library is loaded and when a fact
// is stated.
#include "hand_made.hpp"
#include "plugin/param_check.hpp"
#include "run/component_place.hpp"
#include "run/stage_evaluator.hpp"

#include <array>
#include <limits>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

enum class Mode : std::uint8_t { slow, fast };
constexpr std::string_view kModes[] = {"slow", "fast"};
struct Settings {
  std::int64_t rows = 8;
  double rate = 0.5;
  Mode mode = Mode::fast;
  std::vector<std::int64_t> block{2, 2};
};
constexpr ParamSpec kRows = param<&Settings::rows>("rows", "Rows");
constexpr ParamSpec kMode = choice<&Settings::mode>("mode", "How", kModes);

// The problem of a component with these parameters and facts.
std::string problem(std::vector<ParamSpec> params, std::vector<FactSpec> facts = {}) {
  Component component = kCost;
  component.new_config = []() -> void* { return new Settings; };
  component.delete_config = [](void* config) noexcept { delete static_cast<Settings*>(config); };
  component.params = params;
  component.facts = facts;
  return plugin::declaration_problem(component);
}
ParamSpec named(std::string_view name) {
  ParamSpec spec = kRows;
  spec.name = name;
  return spec;
}

TEST(Declarations, RightOnesPass) {
  EXPECT_EQ(problem({kRows.range(1, 8), kMode, param<&Settings::rate>("rate_2", "Rate").range(0, 1),
                     param<&Settings::block>("block", "Block").at_least(1)},
                    {{"best_*", "ps", "By layer."}, {"*_latency_ps", "ps", "Of one."}}),
            "");
}

TEST(Declarations, NamesAreLegalAndUnique) {
  for (const std::string_view name : {"", "Rows", "2rows", "ro ws", "ro-ws", "use"}) {
    EXPECT_NE(problem({named(name)})
                  .find("component 'test.cost.hand-made', parameter '" + std::string(name) +
                        "': names are lower-case"),
              std::string::npos)
        << name;
  }
  EXPECT_NE(problem({kRows, kMode, kRows}).find("parameter 'rows': it is declared twice"),
            std::string::npos);
}

TEST(Declarations, DefaultsAreLegal) {
  EXPECT_NE(problem({kRows.range(9, 16)}).find("its default 8 is not within 9 to 16"),
            std::string::npos);
  EXPECT_EQ(problem({kRows.range(9, 16).mandatory()}), "");
  EXPECT_NE(problem({kRows.range(16, 9)}).find("its range is from 16 to 9"), std::string::npos);
  EXPECT_NE(problem({param<&Settings::block>("block", "Block").at_least(3)})
                .find("its default 2 is not within"),
            std::string::npos);
  ParamSpec slow_only = kMode;  // the default is the second choice
  slow_only.choices = std::span(kModes).first(1);
  EXPECT_NE(problem({slow_only}).find("its default is choice number 1 of 1"), std::string::npos);
}

TEST(Declarations, ChoicesDocsAndFunctionsAreThere) {
  static constexpr std::array<std::string_view, 2> kTwice = {"slow", "slow"};
  ParamSpec twice = kMode;
  twice.choices = kTwice;
  EXPECT_NE(problem({twice}).find("its choice 'slow' is empty or there twice"), std::string::npos);
  ParamSpec none = kMode;
  none.choices = {};
  EXPECT_NE(problem({none}).find("list of choices"), std::string::npos);
  ParamSpec undocumented = kRows;
  undocumented.doc = "";
  EXPECT_NE(problem({undocumented}).find("no documentation"), std::string::npos);
  ParamSpec unstored = kRows;
  unstored.store = nullptr;
  EXPECT_NE(problem({unstored}).find("cannot be stored"), std::string::npos);
  ParamSpec forgetful = kMode;
  forgetful.store = [](void*, const ParamValue&) {};
  EXPECT_NE(problem({forgetful}).find("its choice 'slow' is not kept"), std::string::npos);
}

TEST(Declarations, FactsAreNamedAndMeant) {
  EXPECT_NE(problem({}, {{"Jobs", "", "x"}}).find("fact 'Jobs' is not well named"),
            std::string::npos);
  EXPECT_NE(problem({}, {{"*", "", "x"}}).find("fact '*'"), std::string::npos);
  EXPECT_NE(problem({}, {{"a*b", "", "x"}}).find("fact 'a*b'"), std::string::npos);
  EXPECT_NE(problem({}, {{"jobs", "job", ""}}).find("no meaning"), std::string::npos);
  EXPECT_NE(problem({}, {{"jobs", "job", "x"}, {"jobs", "job", "y"}}).find("declared twice"),
            std::string::npos);
}

TEST(StatedFacts, MustBeDeclared) {
  HandMade system;
  run::EvaluatorOptions options;
  options.stage = HandMade::place();
  run::StageEvaluator evaluator(system.machine(), system.analyzer(), Objective::latency,
                                system.host(), options);
  evaluator.statistic("jobs", std::int64_t{3});
  evaluator.statistic("best_after_7", 0.5);
  EXPECT_EQ(thrown<BlamedError>([&] { evaluator.note("job", "none"); }),
            "stage 2 (test.overlap.hand-made): states the fact 'job', which it does not declare; "
            "declared are jobs, best_after_*");
  EXPECT_NE(thrown<BlamedError>([&] {
              evaluator.statistic("jobs", std::numeric_limits<double>::infinity());
            }).find("must be finite"),
            std::string::npos);
  EXPECT_EQ(evaluator.facts().size(), 2u);
}

}  // namespace
}  // namespace imbrex::test
