// Two 1 x 1 convolutions of 16 channels on 4 rows of 8 pixels, on 4 x 4 elements of one multiplier:
// every number below by hand. Each has 8 192 MACs and gets 8 elements; a row takes
// 16 * 16 * 8 / 8 = 256 cycles. The tensor between them has 512 words: 64 per producing element,
// which stands next to its consumer, so that the busiest link carries 64 words.
#include "pipeorgan_kit.hpp"
#include "temporary_folder.hpp"

#include <fstream>

namespace imbrex::pipeorgan_test {
namespace {

class TwoLayers : public testing::Test {
 protected:
  TwoLayers() {
    const std::string file = std::string(folder_.path()) + "/two.toml";
    std::ofstream(file) << "imbrex_workload = 1\ninput.image = { shape = [1, 16, 4, 8] }\n"
                           "[network]\nlayers = [{ op = \"conv\", filters = 16, repeat = 2 }]\n";
    outcome_ =
        run(file, {"architecture.rows=4", "architecture.columns=4", "architecture.macs_per_pe=1",
                   "architecture.level_instances=[1, 1, 16]", "stage.1.share_unit=1"});
  }

  std::int64_t cycles(double links, double buffer, double dram) const {
    const OverlapResult result = analyze(outcome_, "imbrex.overlap.pipeorgan",
                                         {{"link_words_per_cycle", links},
                                          {"buffer_words_per_cycle", buffer},
                                          {"dram_words_per_cycle", dram}});
    EXPECT_EQ(result.makespan_ps % 1000, 0);
    return result.makespan_ps / 1000;
  }

  test::TemporaryFolder folder_;
  RunOutcome outcome_;
};

TEST_F(TwoLayers, ShareTheArrayInStripes) {
  EXPECT_EQ(fact<std::string>(outcome_, "depths"), "2:1");
  EXPECT_EQ(fact<std::string>(outcome_, "segment_0_floorplan"), "0101 x4");
  EXPECT_DOUBLE_EQ(fact<double>(outcome_, "segment_0_busiest_link_words"), 64);
  EXPECT_DOUBLE_EQ(fact<double>(outcome_, "segment_0_compute_cycles"), 1024);
  // 512 words in, 512 out, 2 * 256 weights.
  EXPECT_EQ(fact<std::int64_t>(outcome_, "external_words"), 1536);
  EXPECT_EQ(fact<std::int64_t>(outcome_, "external_words_layer_by_layer"), 2560);
}

TEST_F(TwoLayers, OverlapRowByRow) {
  EXPECT_EQ(cycles(0, 0, 0), 256 * (4 + 1));
}

TEST_F(TwoLayers, AreNotHeldUpByLinksOfAWordPerCycle) {
  EXPECT_EQ(cycles(1, 0, 0), 256 * (4 + 1));
}

TEST_F(TwoLayers, WaitForSlowLinks) {
  // 64 words at 1/32 word per cycle: 2 048 cycles, 512 for each of four rows.
  EXPECT_EQ(cycles(1.0 / 32, 0, 0), 512 * (4 + 1));
}

TEST_F(TwoLayers, WaitForMemories) {
  EXPECT_EQ(cycles(0, 1, 0), 1536);
  EXPECT_EQ(cycles(0, 0, 0.5), 3072);
  EXPECT_EQ(cycles(0, 2, 0), 256 * (4 + 1)) << "768 cycles pass beside the computation";
  EXPECT_EQ(cycles(1.0 / 32, 1, 0.25), 6144) << "the slowest counts";
}

}  // namespace
}  // namespace imbrex::pipeorgan_test
