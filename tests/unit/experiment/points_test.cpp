#include "experiment/points.hpp"

#include <imbrex/plugin/error.hpp>

#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::experiment {
namespace {

Axis axis(const std::string& name, const std::vector<std::string>& values) {
  Axis out{name, {}};
  for (const std::string& value : values) {
    out.levels.push_back({value, {name + "=" + value}, {}, {}});
  }
  return out;
}

std::vector<std::string> descriptions(const Experiment& experiment) {
  std::vector<std::string> out;
  for (const Point& point : points_of(experiment)) {
    out.push_back(description_of(experiment, point));
  }
  return out;
}

TEST(Points, AreCrossedWithTheFirstAxisOutermost) {
  Experiment experiment;
  experiment.axes = {axis("a", {"1", "2"}), axis("b", {"x", "y", "z"})};
  EXPECT_EQ(descriptions(experiment),
            (std::vector<std::string>{"a=1, b=x", "a=1, b=y", "a=1, b=z", "a=2, b=x", "a=2, b=y",
                                      "a=2, b=z"}));
}

TEST(Points, ZippedAxesVaryTogether) {
  Experiment experiment;
  experiment.axes = {axis("a", {"1", "2"}), axis("b", {"x", "y"}), axis("c", {"p", "q"})};
  experiment.zips = {{0, 2}};
  EXPECT_EQ(descriptions(experiment), (std::vector<std::string>{"a=1, b=x, c=p", "a=1, b=y, c=p",
                                                                "a=2, b=x, c=q", "a=2, b=y, c=q"}));
}

TEST(Points, ExcludeTakesAwayWhatAllItsConditionsSelect) {
  Experiment experiment;
  experiment.axes = {axis("a", {"1", "2"}), axis("b", {"x", "y", "z"})};
  experiment.exclude = {{{{0, {1}}, {1, {0, 2}}}}};
  EXPECT_EQ(descriptions(experiment),
            (std::vector<std::string>{"a=1, b=x", "a=1, b=y", "a=1, b=z", "a=2, b=y"}));
  experiment.exclude = {{{{0, {0, 1}}}}};
  EXPECT_THROW(points_of(experiment), InputError);
}

TEST(Points, CombinationsAreCountedWithoutMakingThem) {
  Experiment experiment;
  EXPECT_EQ(combinations_of(wheels_of(experiment)), 1U);
  experiment.axes = {axis("a", {"1", "2"}), axis("b", {"x", "y", "z"}), axis("c", {"p", "q"})};
  experiment.zips = {{0, 2}};
  EXPECT_EQ(combinations_of(wheels_of(experiment)), points_of(experiment).size());
  experiment.zips.clear();
  EXPECT_EQ(combinations_of(wheels_of(experiment)), 12U);
  experiment.axes.assign(70, axis("a", {"1", "2"}));
  EXPECT_EQ(combinations_of(wheels_of(experiment)), std::numeric_limits<std::size_t>::max());
}

TEST(Points, WithoutAxesThereIsOne) {
  EXPECT_EQ(descriptions(Experiment()), std::vector<std::string>{"the only point"});
}

TEST(Points, TooManyAreRefusedBeforeTheyAreMade) {
  Experiment experiment;
  std::vector<std::string> values;
  for (int i = 0; i < 1001; ++i) {
    values.push_back(std::to_string(i));
  }
  experiment.axes = {axis("a", values), axis("b", values), axis("c", values), axis("d", values)};
  EXPECT_THROW(points_of(experiment), InputError);
}

TEST(Points, EditsComeInTheOrderOfTheAxes) {
  Experiment experiment;
  experiment.recipe = "base.toml";
  experiment.edits = {"seed=3"};
  experiment.axes = {axis("a", {"1", "2"}), axis("b", {"x"})};
  experiment.axes[1].levels[0].recipe = "other.toml";
  const Point point{{1, 0}};
  std::vector<std::string> texts;
  for (const recipe::Edit& edit : edits_of(experiment, point)) {
    texts.push_back(edit.text);
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"seed=3", "a=2", "b=x"}));
  EXPECT_EQ(recipe_of(experiment, point), "other.toml");
}

}  // namespace
}  // namespace imbrex::experiment
