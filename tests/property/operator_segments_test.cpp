// Which segment every operator works in and what leaves the segments, against what is found one by
// one.
#include "scenario.hpp"

#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

// Operators that nobody maps work where the latest of what they read is made, or in the first
// segment: found for one operator at a time, from the numbers of all.
std::int32_t plain_segment(const Scenario& scenario, OperatorId id) {
  if (scenario.cost->demand(id).mappable) {
    return scenario.design->placement(id).segment;
  }
  const Workload& workload = scenario.design->workload();
  std::int32_t latest = segment_numbers(*scenario.design, *scenario.cost).front();
  for (const TensorId input : workload.at(id).inputs) {
    const OperatorId producer = workload.at(input).producer;
    latest =
        producer == OperatorId::none ? latest : std::max(latest, plain_segment(scenario, producer));
  }
  return latest;
}

TEST(OperatorSegments, AreThoseFoundOneByOne) {
  ScenarioOptions options;
  options.max_segments = 4;
  std::size_t leaving = 0;
  for (std::uint64_t number = 47000; number < 47150; ++number) {
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const Workload& workload = scenario.design->workload();
    const auto segments = operator_segments(*scenario.design, *scenario.cost);
    ASSERT_EQ(segments.size(), workload.operators().size());
    for (const OperatorId id : segments.ids()) {
      ASSERT_EQ(segments[id], plain_segment(scenario, id)) << workload.at(id).name;
    }
    for (const std::int32_t segment : segment_numbers(*scenario.design, *scenario.cost)) {
      const WorkGraph graph(*scenario.design, scenario.machine(), {scenario.shape}, segment);
      std::vector<TensorId> expected;
      for (const OperatorId id : segments.ids()) {
        const TensorId output = workload.at(id).output;
        const auto uses = workload.uses(output);
        const bool read = std::any_of(uses.begin(), uses.end(), [&](const Workload::Use& use) {
          return segments[use.consumer] != segment;
        });
        const auto outputs = workload.outputs();
        if (segments[id] == segment &&
            (read || std::find(outputs.begin(), outputs.end(), output) != outputs.end())) {
          expected.push_back(output);
        }
      }
      const auto found = graph.outputs();
      ASSERT_EQ(std::vector(found.begin(), found.end()), expected) << segment;
      leaving += expected.size();
    }
  }
  EXPECT_GT(leaving, 300u);
}

}  // namespace
}  // namespace imbrex::property
