// Outputs of a network that are parts of layers: who waits for whole layers says so.
#include "analyzers.hpp"
#include "fakes/cost_model.hpp"

#include <imbrex/values/work_graph.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <memory>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

constexpr std::int64_t kDelayPs = 10;

// 4 x 4 positions of a picosecond each, row by row, and an output of their first `rows` rows, which
// is there 10 ps behind the last of them.
struct FirstRows {
  explicit FirstRows(std::int64_t rows) : workload(network(rows)), cost(*workload) {
    cost.movement_delays[operator_id(1)] = kDelayPs;
    context.workload = workload.get();
    context.architecture = &architecture;
    context.cost = &cost;
    context.host = &test::host();
    analyzer = test::make<OverlapAnalyzer>("imbrex.overlap.layer-by-layer", {}, context);
  }

  static std::shared_ptr<const Workload> network(std::int64_t rows) {
    WorkloadBuilder builder("first rows");
    ConvolutionParams params;
    params.output_channels = 1;
    const TensorId layer =
        builder.convolution("layer", builder.input("x", {4, {1, 1, 4, 4, 1, 1}}), params);
    builder.slice("rows", layer, 2, 0, rows);
    return std::make_shared<const Workload>(builder.finish());
  }

  Fidelity fidelity() const {
    const Design design(workload);
    return analyzer->fidelity(WorkGraph(design, context.machine(), analyzer->request()));
  }
  std::int64_t makespan_ps() const {
    return analyze("imbrex.overlap.layer-by-layer", test::Settings{}, Design(workload),
                   architecture, cost)
        .result.makespan_ps;
  }

  std::shared_ptr<const Workload> workload;
  test::FakeCostModel cost;
  Architecture architecture;
  Context context;
  plugin::Instance<OverlapAnalyzer> analyzer;
};

// 16 ps of work and 10 ps until the output is there.
TEST(PartialOutputs, OfWholeLayersAreExact) {
  const FirstRows whole(4);
  EXPECT_EQ(whole.fidelity().exactness, Exactness::exact);
  EXPECT_EQ(whole.makespan_ps(), 16 + kDelayPs);
}

// The first row is there after 4 ps, so that its output could be at 14 ps, before the layer ends.
TEST(PartialOutputs, ThatWaitForWholeLayersAreConservative) {
  const FirstRows first(1);
  const Fidelity fidelity = first.fidelity();
  EXPECT_EQ(fidelity.exactness, Exactness::conservative);
  ASSERT_EQ(fidelity.reasons.size(), 1u);
  EXPECT_EQ(fidelity.reasons.front(),
            "outputs that are parts of layers wait for the whole of them");
  EXPECT_EQ(first.makespan_ps(), 16 + kDelayPs);
}

TEST(PartialOutputs, WithoutDelaysAreThereAnyway) {
  FirstRows first(1);
  first.cost.movement_delays.clear();
  EXPECT_EQ(first.fidelity().exactness, Exactness::exact);
  EXPECT_EQ(first.makespan_ps(), 16);
}

}  // namespace
}  // namespace imbrex::property
