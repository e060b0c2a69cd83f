// Sources without those that a nearer one waits for, against all sources: every analyzer says the
// same of every job.
#include "analyze_one.hpp"
#include "built_components.hpp"
#include "fakes/cost_model.hpp"
#include "fakes/timeline_sink.hpp"
#include "layers.hpp"
#include "problems.hpp"
#include "random_nest.hpp"
#include "residual_networks.hpp"

#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

constexpr std::uint64_t kSeed = 20261129;

struct Case {
  std::shared_ptr<const Workload> workload;
  std::unique_ptr<test::FakeCostModel> cost;
  Architecture architecture;
  std::unique_ptr<Design> design;
  AnalysisRequest request;

  Machine machine() const { return {*workload, architecture, *cost}; }
  AnalysisRequest asking(std::int64_t gathered) const {
    AnalysisRequest asked = request;
    asked.gathered = gathered;
    return asked;
  }
};

// Every other network takes next to no time to compute, so that transfers decide.
void set_costs(Case& one, Random& random) {
  const bool quick = random.below(2) == 0;
  for (std::size_t i = 0; i < one.workload->operators().size(); ++i) {
    const OperatorId id = operator_id(i);
    if (!one.workload->at(id).has_macs()) {
      one.cost->movement_delays[id] = random.below(2) == 0 ? 0 : random.between(1, 4);
      continue;
    }
    const std::int64_t slowest_ps = quick ? 1 : 6;
    one.cost->clocks[id] = {random.between(0, slowest_ps), random.between(0, slowest_ps),
                            random.between(0, 2)};
    for (std::size_t j = 0; j < i; ++j) {
      one.cost->transfer_delays[{operator_id(j), id}] =
          random.below(4) == 0 ? random.between(0, 12) : 0;
    }
  }
}

void decide(Case& one, Random& random) {
  for (std::size_t i = 0; i < one.workload->operators().size(); ++i) {
    const OperatorId id = operator_id(i);
    if (!one.workload->at(id).has_macs()) {
      continue;
    }
    if (random.below(2) == 0) {
      one.design->mapping(id) =
          test::random_outer_loops(one.workload->at(id).bounds, test::kEveryDim, random);
    } else {
      one.design->placement(id).copies = random.between(1, 3);
      one.design->placement(id).dealing = static_cast<Dealing>(random.below(3));
    }
  }
  if (random.below(2) == 0) {
    deal_at_random(*one.design, one.machine(), one.request, 3, random);
  }
}

Case make_case(std::uint64_t number) {
  Random random(kSeed, number);
  Case one;
  one.workload = std::make_shared<const Workload>(residual_network(random.between(2, 7), random));
  one.cost = std::make_unique<test::FakeCostModel>(*one.workload);
  one.cost->servers_in_lock_step = random.below(2) == 0;
  one.design = std::make_unique<Design>(one.workload);
  one.request.shape.kind = static_cast<JobShape::Kind>(random.below(5));
  one.request.shape.height = random.between(1, 3);
  one.request.shape.width = random.between(1, 3);
  set_costs(one, random);
  decide(one, random);
  return one;
}

test::Detail analyze(std::string_view id, const test::Settings& settings, const Case& one,
                     std::int64_t gathered, OverlapResult& result) {
  Context context;
  context.workload = one.workload.get();
  context.architecture = &one.architecture;
  context.cost = one.cost.get();
  context.host = &test::host();
  const auto analyzer = test::make<OverlapAnalyzer>(id, settings, context);
  test::Detail detail;
  result = test::analyze_one(*analyzer, one.asking(gathered), *one.design, &detail);
  return detail;
}

void compare(std::string_view id, const test::Settings& settings, const Case& one) {
  OverlapResult result;
  OverlapResult twin_result;
  const test::Detail all = analyze(id, settings, one, kAnyNumberGathered, twin_result);
  const test::Detail few = analyze(id, settings, one, 0, result);
  ASSERT_EQ(result.verdict, twin_result.verdict);
  ASSERT_EQ(result.makespan_ps, twin_result.makespan_ps);
  ASSERT_EQ(few.jobs.size(), all.jobs.size());
  for (std::size_t i = 0; i < all.jobs.size(); ++i) {
    ASSERT_EQ(few.jobs[i].id, all.jobs[i].id);
    ASSERT_EQ(few.jobs[i].start_ps, all.jobs[i].start_ps)
        << "job " << i << " of " << one.workload->at(all.jobs[i].id).name;
    ASSERT_EQ(few.jobs[i].end_ps, all.jobs[i].end_ps);
    ASSERT_EQ(few.jobs[i].waited_for, all.jobs[i].waited_for) << "job " << i;
  }
}

// Sources of whole operators that are left out; the twin has all that stay.
std::size_t left_out(const Case& one) {
  const WorkGraph all(*one.design, one.machine(), one.asking(kAnyNumberGathered));
  const WorkGraph few(*one.design, one.machine(), one.asking(0));
  WorkGraph::Scratch scratch;
  std::size_t count = 0;
  for (const OperatorId op : all.mapped()) {
    std::vector<Source> sources;
    std::vector<Source> kept;
    all.trace(op, one.workload->at(op).bounds.whole(), scratch, sources);
    few.trace(op, one.workload->at(op).bounds.whole(), scratch, kept);
    for (const Source& source : kept) {
      EXPECT_TRUE(std::any_of(sources.begin(), sources.end(), [&](const Source& twin) {
        return twin.producer == source.producer && twin.region.contains(source.region) &&
               twin.delay_ps >= source.delay_ps;
      }));
    }
    count += sources.size() - kept.size();
  }
  return count;
}

TEST(Gathering, ChangesNoTimeOfAnyAnalyzer) {
  std::size_t fewer = 0;
  for (std::uint64_t number = 0; number < 1500; ++number) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " case " + std::to_string(number));
    const Case one = make_case(number);
    fewer += left_out(one);
    for (const char* const implementation : {"explicit", "auto"}) {
      ASSERT_NO_FATAL_FAILURE(compare("imbrex.overlap.clsa-cim",
                                      {{"implementation", std::string(implementation)}}, one));
    }
    for (const char* const method : {"auto", "digit-walk", "tables"}) {
      ASSERT_NO_FATAL_FAILURE(
          compare("imbrex.overlap.fast-overlapim", {{"method", std::string(method)}}, one));
    }
    ASSERT_NO_FATAL_FAILURE(
        compare("imbrex.overlap.fast-overlapim", {{"holes", std::string("exact")}}, one));
    ASSERT_NO_FATAL_FAILURE(compare("imbrex.overlap.simulator", {}, one));
    ASSERT_NO_FATAL_FAILURE(
        compare("imbrex.overlap.simulator", {{"buffer_bytes", std::int64_t{40}}}, one));
    for (const char* const id :
         {"imbrex.overlap.pairwise", "imbrex.overlap.layer-by-layer", "imbrex.overlap.pipeorgan"}) {
      SCOPED_TRACE(id);
      ASSERT_NO_FATAL_FAILURE(compare(id, {}, one));
    }
  }
  EXPECT_GT(fewer, 1000U);
}

// Stock of what is proved: a layer after each kind of block reads the last sum alone, whatever lies
// before it.
TEST(Gathering, LeavesOneSourceOfAStreamThatEveryBlockReadsWhole) {
  WorkloadBuilder builder("stream");
  TensorId stream = builder.input("x", test::image(4, 6, 6));
  for (int i = 0; i < 70; ++i) {
    const std::string number = std::to_string(i);
    const TensorId operands[] = {
        stream, builder.convolution("conv" + number, stream, test::convolution(4, 3))};
    stream = builder.elementwise("add" + number, operands);
  }
  Case one;
  one.workload = std::make_shared<const Workload>(builder.finish());
  one.cost = std::make_unique<test::FakeCostModel>(*one.workload);
  one.design = std::make_unique<Design>(one.workload);
  const WorkGraph graph(*one.design, one.machine(), one.request);
  WorkGraph::Scratch scratch;
  for (const std::size_t layer : {1U, 64U, 65U, 69U}) {
    const OperatorId op = test::find(*one.workload, "conv" + std::to_string(layer));
    std::vector<Source> sources;
    graph.trace(op, one.workload->at(op).bounds.whole(), scratch, sources);
    EXPECT_EQ(sources.size(), layer <= 64 ? layer : 1) << layer;
    EXPECT_EQ(sources.front().producer,
              test::find(*one.workload, "conv" + std::to_string(layer - 1)));
  }
}

}  // namespace
}  // namespace imbrex::property
