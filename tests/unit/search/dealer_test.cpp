// Jobs dealt anew: by hand, on one producer and one consumer with two servers (specification
// fast-overlapim, section 4).
#include "random_nest.hpp"

#include <imbrex/toolkit/analysis/forward_pass.hpp>
#include <imbrex/toolkit/search/dealer.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::nest;
using test::spatial;
using test::temporal;

// K = 2 channels of 1 x 3 outputs, one input channel, 8 bits everywhere.
Workload three_rows() {
  WorkloadBuilder builder("rows");
  ConvolutionParams params;
  params.output_channels = 2;
  builder.convolution("c", builder.input("x", {4, {1, 1, 3, 1, 1, 1}}), params);
  return builder.finish();
}

struct Case {
  Workload workload = three_rows();
  OperatorId op = operator_id(0);
  Mapping mapping;
  std::unique_ptr<const WorkOrder> order;
  analysis::OperatorPass pass;

  // One channel per server; a row per step. `arrivals`: server by server.
  Case(Mapping nested, std::vector<std::int64_t> arrivals) : mapping(nested) {
    order = make_work_order(workload.at(op), mapping, 1, imbrex::Dealing::round_robin,
                            {10, 0, 0, 0}, true);
    pass.op = op;
    pass.order = order.get();
    std::size_t next = 0;
    for (std::int64_t server = 0; server < order->server_count(); ++server) {
      for (std::int64_t step = 0; step < order->step_count(server); ++step) {
        analysis::PassJob job;
        job.step = step;
        job.server = server;
        job.arrival_ps = arrivals.at(next++);
        job.duration_ps = 10;
        job.has_work = true;
        pass.jobs.push_back(job);
      }
    }
  }
  DealtOrder deal(const DealingCosts& costs) const {
    return search::deal_earliest_first(workload, mapping, pass, costs);
  }
};

const Mapping kChannelsApart = nest({spatial(Dim::K, 2), temporal(Dim::P, 3)}, {});

std::vector<std::array<std::int64_t, 2>> steps_and_homes(const DealtOrder& dealt,
                                                         std::size_t server) {
  std::vector<std::array<std::int64_t, 2>> list;
  for (std::int64_t i = dealt.first_job[server]; i < dealt.first_job[server + 1]; ++i) {
    const DealtJob& job = dealt.jobs[static_cast<std::size_t>(i)];
    list.push_back({job.step, job.server});
  }
  return list;
}

// Arrivals of server 0: 50, 0, 20; of server 1: 0, 60, 30. By arrival, ties by position: (0,1) 0,
// (1,0) 0 | (0,2) 20, (1,2) 30 | (0,0) 50, (1,1) 60. Each pair finds both its jobs at home.
TEST(Dealer, DealsStepByStepInTheOrderOfArrival) {
  const Case dealing(kChannelsApart, {50, 0, 20, 0, 60, 30});
  const DealtOrder dealt = dealing.deal({});
  EXPECT_EQ(dealt.first_job, (std::vector<std::int64_t>{0, 3, 6}));
  using List = std::vector<std::array<std::int64_t, 2>>;
  EXPECT_EQ(steps_and_homes(dealt, 0), (List{{1, 0}, {2, 0}, {0, 0}}));
  EXPECT_EQ(steps_and_homes(dealt, 1), (List{{0, 1}, {2, 1}, {1, 1}}));
  EXPECT_EQ(dealing_fault(*dealing.order, dealt), "");
}

// All jobs of server 0 are there first: 0, 1, 2 against 70, 80, 90. Steps: (0,0) and (0,1), of
// which the first stays; then (0,2) and (1,0), both at home; then (1,1) and (1,2), of which the
// first stays. Two jobs move: a word of input and a word of weights of 8 bits each at 2 bit/ps, 8
// ps.
TEST(Dealer, ChargesWhatLeavesItsServer) {
  const Case dealing(kChannelsApart, {0, 1, 2, 70, 80, 90});
  DealingCosts costs;
  costs.bits_per_ps = 2;
  const DealtOrder dealt = dealing.deal(costs);
  using List = std::vector<std::array<std::int64_t, 2>>;
  EXPECT_EQ(steps_and_homes(dealt, 0), (List{{0, 0}, {2, 0}, {2, 1}}));
  EXPECT_EQ(steps_and_homes(dealt, 1), (List{{1, 0}, {0, 1}, {1, 1}}));
  std::vector<std::int64_t> moves;
  for (const DealtJob& job : dealt.jobs) {
    moves.push_back(job.move_ps);
    EXPECT_EQ(job.merge_ps, 0);  // every job makes an output of its own
  }
  EXPECT_EQ(moves, (std::vector<std::int64_t>{0, 0, 8, 8, 0, 0}));
  costs.move_weights = false;
  EXPECT_EQ(dealing.deal(costs).jobs[2].move_ps, 4);
}

}  // namespace
}  // namespace imbrex
