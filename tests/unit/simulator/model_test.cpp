#include "model.hpp"

#include "engine.hpp"
#include "hand_network.hpp"

#include <gtest/gtest.h>

namespace imbrex::simulator {
namespace {

using property::HandNetwork;

TEST(Lists, TransposeNamesTheListsOfEachValue) {
  Lists lists;
  lists.values = {2, 0};
  lists.close_list();
  lists.close_list();
  lists.values.push_back(2);
  lists.close_list();
  const Lists transposed = lists.transposed(3);
  ASSERT_EQ(transposed.size(), 3u);
  EXPECT_EQ(std::vector<Index>(transposed[0].begin(), transposed[0].end()), std::vector<Index>{0});
  EXPECT_TRUE(transposed[1].empty());
  EXPECT_EQ(std::vector<Index>(transposed[2].begin(), transposed[2].end()),
            (std::vector<Index>{0, 2}));
}

TEST(Model, ServersOnTheirOwnHaveALaneEach) {
  const HandNetwork network = property::chain(1, 1);
  network.design->placement(network.find("A")).copies = 2;
  const Model model = build_model(network.graph());
  EXPECT_EQ(model.lanes.size(), 3u);
  EXPECT_EQ(model.batches.size(), 8u);
  EXPECT_EQ(model.jobs.size(), 8u);
}

TEST(Model, ServersInLockStepShareALane) {
  const HandNetwork network = property::chain(1, 1);
  network.design->placement(network.find("A")).copies = 2;
  network.cost->servers_in_lock_step = true;
  const Model model = build_model(network.graph());
  EXPECT_EQ(model.lanes.size(), 2u);
  EXPECT_EQ(model.batches.size(), 2u + 4u);
  EXPECT_EQ(model.batches[0].end_job - model.batches[0].first_job, 2u);
}

TEST(Model, JobsThatReadTheSameDataShareAGate) {
  WorkloadBuilder builder("barrier");
  const TensorId input = builder.input("input", {4, {1, 1, 4, 4, 1, 1}});
  const TensorId a = property::same_convolution(builder, "A", input, 1, 1);
  const TensorId all = builder.softmax("all", a, std::vector<std::int64_t>{1, 2, 3});
  property::same_convolution(builder, "B", all, 1, 1);
  HandNetwork barrier{builder.finish()};
  barrier.shape.kind = JobShape::Kind::pixel;
  const Model model = build_model(barrier.graph());
  // One for the 16 jobs of B, one for the network output; not 16 lists of 16 writers.
  EXPECT_EQ(model.gate_delay_ps.size(), 2u);
  EXPECT_EQ(model.dependencies(), 16 * 16);
}

TEST(Engine, AsksForPermissionToGoOn) {
  WorkloadBuilder builder("large");
  const TensorId input = builder.input("input", {4, {1, 1, 128, 128, 1, 1}});
  property::same_convolution(builder, "A", input, 1, 1);
  HandNetwork large{builder.finish()};
  large.shape.kind = JobShape::Kind::pixel;
  const Model model = build_model(large.graph());
  struct Stop {};
  Engine engine(model, 0);
  EXPECT_THROW(engine.run([] { throw Stop(); }), Stop);
}

}  // namespace
}  // namespace imbrex::simulator
