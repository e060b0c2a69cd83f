// Specification compass sections 12 and 15.10: the paper's figure 6 as a regression band, and the
// mean ratios that the fitted constants must give.
#include "compass_kit.hpp"
#include "plugin/host_services.hpp"
#include "published_throughputs.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

// Inferences per second as estimated.
double throughput(const FakeEvaluator& evaluator, std::int64_t batch) {
  return static_cast<double>(batch) * 1e12 /
         static_cast<double>(evaluator.integers.at("estimated_batch_ps"));
}

struct Point {
  std::string network;
  std::string chip;
  double greedy = 0;
  double greedy_with_copies = 0;
  double layerwise = 0;
  double optimal = 0;
  double genetic = 0;  // mean over kSeeds
};

constexpr std::uint64_t kSeeds = 2;

Point measure(const PublishedThroughputs& row, std::size_t i) {
  const CompassChip chip(network(row.network, kBatches[i]), row.chip);
  Point point{row.network, row.chip};
  point.greedy = throughput(partition(chip, "greedy"), kBatches[i]);
  point.greedy_with_copies =
      throughput(partition(chip, "greedy", {{"replication", true}}), kBatches[i]);
  point.layerwise = throughput(partition(chip, "layerwise"), kBatches[i]);
  point.optimal = throughput(partition(chip, "optimal"), kBatches[i]);
  plugin::HostServices services(plugin::HostOptions{});
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    Host& host = services.host_for("imbrex.partition.compass", seed, 0);
    point.genetic +=
        throughput(partition(chip, "compass", {}, Objective::throughput, nullptr, &host),
                   kBatches[i]) /
        static_cast<double>(kSeeds);
  }
  return point;
}

// All 45 network-chip-batch points, measured once.
const std::vector<Point>& points() {
  static const std::vector<Point> all = [] {
    std::vector<Point> result;
    for (const PublishedThroughputs& row : kPublished) {
      for (std::size_t i = 0; i < kBatches.size(); ++i) {
        result.push_back(measure(row, i));
      }
    }
    return result;
  }();
  return all;
}

double mean(const std::string& network, double (*ratio)(const Point&)) {
  double sum = 0;
  int count = 0;
  for (const Point& point : points()) {
    if (network.empty() || point.network == network) {
      sum += ratio(point);
      ++count;
    }
  }
  return sum / count;
}

void expect_within(double model, double paper, const std::string& what) {
  EXPECT_LE(std::max(model / paper, paper / model), 1.6)
      << what << ": " << model << " vs " << paper;
}

TEST(Throughput, IsWithinAFactorOf1_6OfThePapersAtAll135Points) {
  std::size_t next = 0;
  for (const PublishedThroughputs& row : kPublished) {
    for (std::size_t i = 0; i < kBatches.size(); ++i) {
      const Point& point = points()[next++];
      const std::string what =
          std::string(row.network) + " " + row.chip + " batch " + std::to_string(kBatches[i]);
      expect_within(point.greedy, row.greedy[i], what + " greedy");
      expect_within(point.layerwise, row.layerwise[i], what + " layerwise");
      expect_within(point.optimal, row.compass[i], what + " compass");
    }
  }
}

TEST(Throughput, OfTheOptimumIs1_758TimesTheBaselinesOnAverage) {
  const double over_greedy = mean("", [](const Point& p) { return p.optimal / p.greedy; });
  const double over_layerwise = mean("", [](const Point& p) { return p.optimal / p.layerwise; });
  EXPECT_NEAR((over_greedy + over_layerwise) / 2, 1.758, 0.02);
}

TEST(Throughput, OfTheGeneticAlgorithmIs1_75TimesTheBaselinesOnAverage) {
  const double over_greedy = mean("", [](const Point& p) { return p.genetic / p.greedy; });
  const double over_layerwise = mean("", [](const Point& p) { return p.genetic / p.layerwise; });
  EXPECT_NEAR((over_greedy + over_layerwise) / 2, 1.75, 0.03);
}

TEST(Throughput, RatiosPerNetworkAreThePrototypes) {
  const std::map<std::string, std::array<double, 3>> golden = {
      {"vgg16-full", {1.42, 1.27, 1.21}},
      {"resnet18-full", {1.62, 1.36, 1.05}},
      {"squeezenet1.1", {2.62, 2.26, 1.00}}};
  for (const auto& [name, ratios] : golden) {
    EXPECT_NEAR(mean(name, [](const Point& p) { return p.optimal / p.greedy; }), ratios[0], 0.02)
        << name;
    EXPECT_NEAR(mean(name, [](const Point& p) { return p.optimal / p.layerwise; }), ratios[1], 0.02)
        << name;
    EXPECT_NEAR(mean(name, [](const Point& p) { return p.optimal / p.greedy_with_copies; }),
                ratios[2], 0.02)
        << name;
  }
}

TEST(Throughput, OfTheGeneticAlgorithmIsNeverAboveTheOptimum) {
  for (const Point& point : points()) {
    EXPECT_LE(point.genetic, point.optimal * (1 + 1e-12)) << point.network << " " << point.chip;
    EXPECT_GE(point.optimal * (1 + 1e-12), point.greedy_with_copies);
    EXPECT_GE(point.optimal * (1 + 1e-12), point.layerwise);
  }
}

}  // namespace
}  // namespace imbrex::test
