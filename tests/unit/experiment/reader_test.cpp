// Files of experiments: what they mean, and that no text whatsoever does worse than be refused.
#include "experiment/experiment_reader.hpp"
#include "experiment/points.hpp"
#include "experiment/search.hpp"
#include "temporary_folder.hpp"

#include <imbrex/plugin/error.hpp>

#include <random>

#include <gtest/gtest.h>

namespace imbrex::experiment {
namespace {

constexpr const char* kText = R"toml(experiment = 1
name = "copies"
question = "Why?"
recipe = "base.toml"
set = { objective = "latency", a.b = { c = 1.5, d = [1, "x"] } }
unset = ["baseline"]
profile = "small"
seeds = 4
metrics = ["latency_ps", "speedup"]
time_limit_s = 60
on_failure = "stop"
zip = [["network", "bits"]]
exclude = [{ rows = [0, 16], copies = "off" }]
[[axis]]
name = "network"
key = "workload.file"
values = ["a/vgg16.toml", "b/resnet.onnx"]
[[axis]]
key = "workload.bits"
values = "4..8:4"
[[axis]]
key = "architecture.rows"
values = [0, 16, 32]
labels = ["0", "16", "many"]
[[axis]]
name = "copies"
[[axis.choice]]
name = "off"
unset = "stage.1"
[[axis.choice]]
name = "on"
recipe = "other.toml"
set = { stage.1.solver = "dp" }
[[table]]
title = "T"
value = [{ metric = "latency_ps", over = "macs", inverse = true, scale = 1e-3, decimals = 2 }, "speedup"]
text = "{} ({})"
rows = ["network", "rows"]
column = "copies"
where = { bits = [4, 8] }
relative = { copies = "off" }
aggregate = "spread"
summary = "geometric mean"
[[contributions]]
metric = "latency_ps"
factors = ["copies", "bits"]
[[front]]
metrics = ["latency_ps", "energy_pj"]
)toml";

TEST(ExperimentReader, ReadsEveryKey) {
  const test::TemporaryFolder folder;
  const Experiment read = read_experiment(folder.write("e.toml", kText));
  EXPECT_EQ(read.name, "copies");
  EXPECT_EQ(read.recipe, folder.path() / "base.toml");
  EXPECT_EQ(read.seeds, 4);
  EXPECT_EQ(read.time_limit_s, 60);
  EXPECT_TRUE(read.stop_on_failure);
  std::vector<std::string> edits;
  for (const recipe::Edit& edit : read.edits) {
    edits.push_back(edit.text);
  }
  EXPECT_EQ(edits, (std::vector<std::string>{"small", "baseline", "objective=\"latency\"",
                                             "a.b.c=1.5", "a.b.d=[1, \"x\"]"}));
  ASSERT_EQ(read.axes.size(), 4U);
  EXPECT_EQ(read.axes[0].levels[1].label, "resnet");
  EXPECT_EQ(read.axes[0].levels[1].edits[0].text, "workload.file=\"b/resnet.onnx\"");
  EXPECT_EQ(read.axes[0].levels[1].edits[0].folder, folder.path());
  EXPECT_EQ(read.axes[1].name, "bits");
  EXPECT_EQ(read.axes[2].levels[2].label, "many");
  EXPECT_EQ(read.axes[3].levels[1].recipe, folder.path() / "other.toml");
  EXPECT_EQ(read.zips, (std::vector<std::vector<std::size_t>>{{0, 1}}));
  // 2 pairs of network and bits, 3 rows, 2 copies, less the excluded 2 of rows without copies.
  EXPECT_EQ(points_of(read).size(), 2U * (3 * 2 - 2));
  ASSERT_EQ(read.tables.size(), 1U);
  EXPECT_EQ(read.tables[0].values[0].over, "macs");
  EXPECT_EQ(read.tables[0].values[0].decimals, 2);
  EXPECT_EQ(read.tables[0].aggregate, Aggregate::spread);
  EXPECT_EQ(read.tables[0].summary, Aggregate::geometric_mean);
  EXPECT_EQ(read.contributions.at(0).factors, (std::vector<std::size_t>{3, 1}));
  EXPECT_EQ(read.fronts.at(0).metrics.size(), 2U);
}

constexpr const char* kSearchText = R"toml(experiment = 1
recipe = "base.toml"
zip = ["bits", "rows"]
[search]
objectives = ["latency_ps", "energy_pj"]
title = "Front"
method = "nsga2"
population = 16
generations = 10
seed = 7
[[axis]]
key = "workload.bits"
values = "4..8:2"
[[axis]]
key = "architecture.rows"
values = [0, 16, 32]
[[axis]]
key = "architecture.columns"
values = "1..64:*2"
)toml";

// Bytes that are changed, doubled or left out: an experiment, or InputError.
TEST(ExperimentReader, RefusesOrReadsWhateverItIsGiven) {
  const test::TemporaryFolder folder;
  const std::string pieces = "\"'[]{}=,.\n#0123456789-*:xe";
  std::mt19937 source(42);
  const auto below = [&](std::size_t bound) { return source() % bound; };
  std::size_t read = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string text = round % 2 == 0 ? kText : kSearchText;
    for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
      const std::size_t at = below(text.size());
      const std::size_t length = below(std::min<std::size_t>(12, text.size() - at) + 1);
      const std::string part = text.substr(at, length);
      switch (below(3)) {
        case 0:
          text.erase(at, length);
          break;
        case 1:
          text.insert(at, part);
          break;
        default:
          text[at] = pieces[below(pieces.size())];
      }
    }
    const auto file = folder.write("e.toml", text);
    try {
      const Experiment experiment = read_experiment(file);
      EXPECT_FALSE(runs_every_point(experiment) && points_of(experiment).empty());
      ++read;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()), "");
    }
  }
  EXPECT_GT(read, 100U) << "mutations that are too strong test little";
}

}  // namespace
}  // namespace imbrex::experiment
