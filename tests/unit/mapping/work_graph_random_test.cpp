// Traces of random graphs against a walk along every single path, without memory and without
// shortcuts.
#include "fakes/architecture_model.hpp"
#include "fakes/cost_model.hpp"
#include "layers.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/values/work_graph.hpp>

#include <map>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::convolution;
using test::FakeChip;
using test::FakeCostModel;
using test::image;

constexpr std::uint64_t kSeed = 41;

// Latest time, relative to the producer's end, at which each element is needed.
using Needs = std::map<std::pair<OperatorId, std::array<std::int64_t, 4>>, std::int64_t>;

void need(Needs& needs, OperatorId producer, const Region& region, std::int64_t delay_ps) {
  test::for_each_element(region, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
    const auto [entry, is_new] = needs.insert({{producer, {0, c, y, x}}, delay_ps});
    entry->second = is_new ? delay_ps : std::max(entry->second, delay_ps);
  });
}

struct Twin {
  const Workload& workload;
  const FakeCostModel& cost;
  Needs needs;

  void walk(TensorId tensor, const Region& region, std::int64_t delay_ps, OperatorId consumer) {
    const OperatorId producer = workload.at(tensor).producer;
    if (region.empty() || producer == OperatorId::none) {
      return;
    }
    const Operator& op = workload.at(producer);
    if (op.has_macs()) {
      need(needs, producer, region, delay_ps + cost.transfer_ps(producer, consumer));
      return;
    }
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      walk(op.inputs[k], op.maps[k].apply(region), delay_ps + cost.movement_ps(producer), consumer);
    }
  }
};

Window three_by_three() {
  Window window;
  window.kernel = {3, 3};
  window.pad_begin = window.pad_end = {1, 1};
  return window;
}

// Small images of 4 channels and equal size, so that any two can be added or joined.
std::shared_ptr<const Workload> random_workload(Random& random) {
  WorkloadBuilder builder("random");
  std::vector<TensorId> tensors{builder.input("x", image(4, 6, 5))};
  const auto any = [&] { return tensors[random.below(tensors.size())]; };
  const std::int64_t operators = random.between(4, 14);
  for (std::int64_t i = 0; i < operators; ++i) {
    const std::string name = "op" + std::to_string(i);
    const TensorId operands[] = {any(), any()};
    switch (random.below(6)) {
      case 0:
        tensors.push_back(builder.activation(name, any()));
        break;
      case 1:
        tensors.push_back(builder.elementwise(name, operands));
        break;
      case 2:
        tensors.push_back(builder.pool(name, any(), three_by_three()));
        break;
      case 3: {
        const TensorId joined = builder.concat(name, operands, 1);
        const std::int64_t first = random.between(0, 4);
        tensors.push_back(builder.slice(name + "s", joined, 1, first, first + 4));
        break;
      }
      case 4: {
        const TensorId stacked = builder.concat(name, operands, 2);
        const std::int64_t first = random.between(0, 6);
        tensors.push_back(builder.slice(name + "s", stacked, 2, first, first + 6));
        break;
      }
      default:
        tensors.push_back(
            builder.convolution(name, any(), convolution(4, random.below(2) ? 3 : 1)));
    }
  }
  builder.convolution("last", any(), convolution(4, 3));
  return std::make_shared<const Workload>(builder.finish());
}

void randomise(FakeCostModel& cost, const Workload& workload, Random& random) {
  for (std::size_t i = 0; i < workload.operators().size(); ++i) {
    if (!workload.at(operator_id(i)).has_macs()) {
      cost.movement_delays[operator_id(i)] = random.between(0, 4);
      continue;
    }
    for (std::size_t j = 0; j < i; ++j) {
      cost.transfer_delays[{operator_id(j), operator_id(i)}] = random.between(0, 9);
    }
  }
}

TEST(WorkGraph, NeedsWhatEveryPathNeedsOnRandomGraphs) {
  Random random(kSeed, 0);
  std::int64_t traces = 0;
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const auto workload = random_workload(random);
    FakeCostModel cost(*workload);
    randomise(cost, *workload, random);
    const Design design(workload);
    const FakeChip chip;
    const WorkGraph graph(design, {design.workload(), chip.architecture, cost},
                          {{JobShape::Kind::block, 2, 3}});
    WorkGraph::Scratch scratch;
    std::vector<Source> sources;
    for (const OperatorId id : graph.mapped()) {
      const WorkOrder& order = graph.order(id);
      for (std::int64_t step = 0; step < order.step_count(0); ++step) {
        const DimBox box = order.job(step, 0).box;
        sources.clear();
        graph.trace(id, box, scratch, sources);
        Needs found;
        for (const Source& source : sources) {
          need(found, source.producer, source.region, source.delay_ps);
        }
        Twin twin{*workload, cost, {}};
        twin.walk(workload->at(id).inputs[0], workload->input_region(id, 0, box), 0, id);
        ASSERT_EQ(found, twin.needs);
        ++traces;
      }
    }
  }
  EXPECT_GT(traces, 3000);
}

}  // namespace
}  // namespace imbrex
