// Two 1 x 1 convolutions of 16 channels on 4 rows of 8 pixels, on 4 x 4 elements of one multiplier,
// words of 8 bits at 1 ns per cycle: every number below by hand. Each has 8 192 MACs and gets 8
// elements, all of which work on different pixels: a row takes 16 * 16 * 8 / 8 = 256 cycles. The
// tensor between them has 512 words: 64 per producing element, which stands next to its consumer,
// so that the busiest link carries 64 words.
#include "pipeorgan_kit.hpp"
#include "temporary_folder.hpp"

#include <fstream>

namespace imbrex::pipeorgan_test {
namespace {

class TwoLayers : public testing::Test {
 protected:
  TwoLayers() {
    file_ = std::string(folder_.path()) + "/two.toml";
    std::ofstream(file_) << "imbrex_workload = 1\ninput.image = { shape = [1, 16, 4, 8] }\n"
                            "[network]\nlayers = [{ op = \"conv\", filters = 16, repeat = 2 }]\n";
  }

  // Words per cycle of links, of the buffer and of the external memory; 0: unbounded.
  run::RunOutcome pipelined(double links, double buffer, double external,
                            std::vector<std::string> more = {}) const {
    const auto text = [](double rate) { return std::to_string(rate); };
    const std::string levels = rates(text(external), text(buffer));
    std::vector<std::string> overrides{"architecture.rows=4",
                                       "architecture.columns=4",
                                       "architecture.macs_per_pe=1",
                                       "architecture.level_instances=[1, 1, 16]",
                                       "architecture.topology=mesh",
                                       "architecture.hop_cycles=0.0",
                                       "architecture.link_words_per_cycle=" + text(links),
                                       "architecture.level_read_words_per_cycle=" + levels,
                                       "architecture.level_write_words_per_cycle=" + levels,
                                       "stage.1.share_unit=1",
                                       "stage.1.orders=positions",
                                       "stage.1.undo_slower=false"};
    overrides.insert(overrides.end(), more.begin(), more.end());
    return run(file_, overrides);
  }
  std::int64_t cycles(double links, double buffer, double external) const {
    const std::int64_t latency_ps =
        pipelined(links, buffer, external).design->timeline()->makespan_ps;
    EXPECT_EQ(latency_ps % 1000, 0);
    return latency_ps / 1000;
  }

  test::TemporaryFolder folder_;
  std::string file_;
};

TEST_F(TwoLayers, ShareTheArrayInStripes) {
  const run::RunOutcome outcome = pipelined(1, 0, 0);
  EXPECT_EQ(fact<std::string>(outcome, "depths"), "2:1");
  EXPECT_EQ(fact<std::string>(outcome, "segment_0_floorplan"), "0101 x4");
  EXPECT_DOUBLE_EQ(fact<double>(outcome, "segment_0_link_ps"), 64 * 1000);
  EXPECT_EQ(fact<std::int64_t>(outcome, "segment_0_compute_ps"), 1024 * 1000);
  // 512 words in, 512 out, 2 * 256 weights.
  EXPECT_EQ(fact<std::int64_t>(outcome, "external_words"), 1536);
  EXPECT_EQ(fact<std::int64_t>(outcome, "external_words_layer_by_layer"), 2560);
}

TEST_F(TwoLayers, StateTheirPlanInTheResult) {
  const run::RunOutcome outcome = pipelined(1, 0, 0);
  ASSERT_EQ(outcome.result.segments.size(), 1U);
  const SegmentResult& segment = outcome.result.segments.front();
  ASSERT_TRUE(segment.floor_plan.has_value());
  EXPECT_EQ(segment.floor_plan->layout.text(), "0101 x4");
  EXPECT_EQ(segment.floor_plan->topology, "mesh");
  ASSERT_EQ(segment.floor_plan->hand_overs.size(), 1U);
  EXPECT_EQ(segment.floor_plan->hand_overs[0].pattern, FlowPattern::one_to_one);
  EXPECT_EQ(segment.floor_plan->hand_overs[0].words, 512);
  // Every producing element uses the one link to its right.
  ASSERT_EQ(segment.floor_plan->links.size(), 8U);
  for (const FloorPlanResult::Load& load : segment.floor_plan->links) {
    EXPECT_EQ(load.link.to, load.link.from + 1);
    EXPECT_DOUBLE_EQ(load.words, 64);
  }
  EXPECT_DOUBLE_EQ(segment.floor_plan->word_links, 512);
  EXPECT_EQ(segment.overhead.weight_bits, 512 * 8);
  EXPECT_EQ(segment.overhead.load_bits, 512 * 8);
  EXPECT_EQ(segment.overhead.store_bits, 512 * 8);
}

TEST_F(TwoLayers, OverlapRowByRow) {
  EXPECT_EQ(cycles(0, 0, 0), 256 * (4 + 1));
}

TEST_F(TwoLayers, AreNotHeldUpByLinksOfAWordPerCycle) {
  EXPECT_EQ(cycles(1, 0, 0), 256 * (4 + 1));
}

TEST_F(TwoLayers, OverlapChannelByChannelWhenThatIsFiner) {
  // 32 pixels of one channel on 8 elements: 4 * 16 cycles for each of 16 channels.
  const run::RunOutcome outcome = pipelined(1, 0, 0, {"stage.1.orders=auto"});
  EXPECT_EQ(outcome.design->timeline()->makespan_ps, 64 * (16 + 1) * 1000);
  EXPECT_EQ(fact<std::int64_t>(outcome, "segment_0_intervals"), 16);
}

TEST_F(TwoLayers, WaitForTheFirstWord) {
  const run::RunOutcome outcome = pipelined(1, 0, 0, {"architecture.hop_cycles=7.0"});
  EXPECT_EQ(outcome.design->timeline()->makespan_ps, (256 * (4 + 1) + 7) * 1000);
}

TEST_F(TwoLayers, WaitForSlowLinks) {
  // 64 words at 1/32 word per cycle: 2 048 cycles, 512 for each of four rows.
  EXPECT_EQ(cycles(1.0 / 32, 0, 0), 512 * (4 + 1));
}

TEST_F(TwoLayers, WaitForTheExternalMemory) {
  EXPECT_EQ(cycles(0, 0, 0.5), 3072);
  EXPECT_EQ(cycles(0, 0, 2), 256 * (4 + 1)) << "768 cycles pass beside the computation";
  EXPECT_EQ(cycles(1.0 / 32, 0, 0.25), 6144) << "the slowest counts";
}

TEST_F(TwoLayers, WaitForTheBuffer) {
  EXPECT_EQ(cycles(0, 0.5, 0), 3072) << "what is external passes once";
  const run::RunOutcome handed = pipelined(0, 0.5, 0, {"stage.1.pattern=global-buffer"});
  EXPECT_EQ(handed.design->timeline()->makespan_ps, (1536 + 2 * 512) * 2 * 1000)
      << "what is handed over goes in and out";
}

TEST_F(TwoLayers, AddUpTheirEnergy) {
  const auto energy = [&](std::vector<std::string> more) {
    const run::RunOutcome outcome = pipelined(1, 0, 0, std::move(more));
    return std::get<double>(*outcome.result.metrics.find("energy_pj"));
  };
  const std::vector<std::string> none{
      "architecture.mac_energy_pj=0.0", "architecture.level_energy_pj_per_word=[0.0, 0.0, 0.0]",
      "architecture.wire_energy_pj_per_word=0.0", "architecture.router_energy_pj_per_word=0.0"};
  const auto only = [&](const std::string& one) {
    std::vector<std::string> all = none;
    all.push_back(one);
    return energy(all);
  };
  EXPECT_DOUBLE_EQ(only("architecture.mac_energy_pj=1.0"), 2 * 8192);
  EXPECT_DOUBLE_EQ(only("architecture.level_energy_pj_per_word=[200.0, 0.0, 0.0]"), 200.0 * 1536);
  EXPECT_DOUBLE_EQ(only("architecture.level_energy_pj_per_word=[0.0, 6.0, 0.0]"), 6.0 * 2 * 1536)
      << "in on one side and out on the other";
  EXPECT_DOUBLE_EQ(only("architecture.wire_energy_pj_per_word=3.0"), 3.0 * 512);
  EXPECT_DOUBLE_EQ(only("architecture.router_energy_pj_per_word=5.0"), 5.0 * 512);
}

TEST_F(TwoLayers, SpendTheSameWireButFewerRoutersOnAnAmp) {
  // Blocks of two columns: 2 unit steps on the mesh, one express step of length 2 on the AMP.
  const auto links = [&](const std::string& topology) {
    const run::RunOutcome outcome =
        pipelined(1, 0, 0, {"architecture.topology=" + topology, "stage.1.layout=blocked-1d"});
    return *outcome.result.segments.front().floor_plan;
  };
  const FloorPlanResult mesh = links("mesh");
  const FloorPlanResult amp = links("amp");
  EXPECT_DOUBLE_EQ(mesh.word_pitches, 1024);
  EXPECT_DOUBLE_EQ(amp.word_pitches, 1024);
  EXPECT_DOUBLE_EQ(mesh.word_links, 1024);
  EXPECT_DOUBLE_EQ(amp.word_links, 512);
}

TEST_F(TwoLayers, KeepSmallTensorsOnTheChipBetweenSegments) {
  const auto words = [&](const std::string& retained) {
    const run::RunOutcome outcome =
        pipelined(1, 0, 0, {"stage.1.depth=one", "architecture.retained_words=" + retained});
    std::int64_t bits = 0;
    for (const SegmentResult& segment : outcome.result.segments) {
      const SegmentOverhead& o = segment.overhead;
      bits += o.weight_bits + o.load_bits + o.store_bits;
    }
    EXPECT_EQ(bits / 8, fact<std::int64_t>(outcome, "external_words"));
    return bits / 8;
  };
  EXPECT_EQ(words("0"), 2560);
  EXPECT_EQ(words("511"), 2560);
  EXPECT_EQ(words("512"), 1536) << "the network's input and output still move";
}

}  // namespace
}  // namespace imbrex::pipeorgan_test
