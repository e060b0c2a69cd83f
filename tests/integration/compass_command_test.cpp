// Networks larger than the chip, as a user runs them: chains of partitioners and analyzers, one
// language with the others (DESIGN section 2a), and what the command says to bad input.
#include "clsa_makespans.hpp"
#include "command_fixture.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

class CompassCommand : public test::CommandFixture {
 protected:
  struct Words {
    std::string network = "resnet18-full";
    std::string workload = "bits = 4\n";
    std::string architecture = "use = \"imbrex.architecture.sram-cim\"\npreset = \"compass-s\"\n";
    std::string objective = "throughput";
  };
  void write_recipe(const Words& words, const std::vector<std::string>& stages) const {
    std::string text = "imbrex = 1\nname = \"test\"\nseed = 3\nobjective = \"" + words.objective +
                       "\"\n\n[workload]\nuse = \"imbrex.workload.toml\"\nfile = \"" +
                       IMBREX_SOURCE_DIR "/configs/workloads/" + words.network + ".toml\"\n" +
                       words.workload + "\n[architecture]\n" + words.architecture +
                       "\n[cost]\nuse = \"imbrex.cost.crossbar\"\n";
    for (const std::string& stage : stages) {
      text += "\n[[stage]]\nuse = \"imbrex." + stage + "\"\n";
    }
    write("recipe.toml", text);
  }
  nlohmann::json run(const Words& words, const std::vector<std::string>& stages,
                     const std::string& more = "") const {
    write_recipe(words, stages);
    const auto result = imbrex("run recipe.toml --quiet --force --out r " + more);
    EXPECT_EQ(result.code, 0) << result.err;
    return result.code == 0 ? nlohmann::json::parse(read(folder() / "r" / "result.json"))
                            : nlohmann::json();
  }
  std::string refusal(int code) const {
    const auto result = imbrex("run recipe.toml --quiet --out r");
    EXPECT_EQ(result.code, code);
    EXPECT_FALSE(std::filesystem::exists(folder() / "r"));
    return result.err;
  }
};

// --- One language

TEST_F(CompassCommand, OneFreeSegmentTakesWhatEveryOtherChainTakes) {
  for (const char* network : {"tinyyolov4", "vgg16", "resnet50"}) {
    const std::int64_t row_cycles = test::clsa_makespans(network).row[0];
    const Words words{network, "",
                      "use = \"imbrex.architecture.sram-cim\"\ncores = 64\n"
                      "crossbars_per_core = 64\nweight_bits = 8\nmvm_interval_ns = 1400\n"
                      "weight_bytes_per_ns = 0\nweight_write_ns = 0\ndata_ns_per_byte = 0\n"
                      "bus_ns_per_byte = 0\n",
                      "throughput"};
    for (const char* analyzer : {"clsa-cim", "fast-overlapim", "pairwise", "simulator"}) {
      const auto json = run(words, {"partition.greedy", "overlap." + std::string(analyzer)});
      EXPECT_EQ(json["metrics"]["latency_ps"], row_cycles * 1'400'000)
          << network << " " << analyzer;
    }
  }
}

// --- Chains

TEST_F(CompassCommand, ANetworkLargerThanATiledChipRunsInSegments) {
  const Words words{"tinyyolov4", "", "use = \"imbrex.architecture.tiled-cim\"\npes = 40\n",
                    "latency"};
  write_recipe(words, {"overlap.clsa-cim"});
  EXPECT_NE(refusal(3).find("needs 117 PEs, the chip has 40: 77 too few"), std::string::npos);
  for (const char* partitioner : {"greedy", "layerwise", "compass", "optimal"}) {
    const auto json = run(words, {"partition." + std::string(partitioner), "overlap.clsa-cim"});
    EXPECT_GE(json["segments"].size(), 3u) << partitioner;
    for (const auto& segment : json["segments"]) {
      EXPECT_LE(segment["units"], 40);
    }
  }
}

TEST_F(CompassCommand, DuplicatesInsideSegmentsAndAgreesWithTheSimulator) {
  for (const char* partitioner : {"compass", "optimal"}) {
    const auto json = run({}, {"partition." + std::string(partitioner),
                               "partition.weight-duplication", "overlap.clsa-cim"});
    EXPECT_GE(json["segments"].size(), 6u);
    std::int64_t largest = 0;
    for (const auto& segment : json["segments"]) {
      EXPECT_LE(segment["units"], 144);
      largest = std::max(largest, segment["units"].get<std::int64_t>());
    }
    EXPECT_EQ(largest, 144);
    const auto check = imbrex("check recipe.toml --simulate");
    EXPECT_EQ(check.code, 0) << check.out << check.err;
    EXPECT_NE(check.out.find("simulation agrees"), std::string::npos);
  }
}

TEST_F(CompassCommand, DuplicationAfterwardsIsNeverSlowerThanOneCopy) {
  const auto single = run({}, {"partition.greedy", "overlap.clsa-cim"});
  const auto more =
      run({}, {"partition.greedy", "partition.weight-duplication", "overlap.clsa-cim"});
  EXPECT_LT(more["metrics"]["latency_ps"], single["metrics"]["latency_ps"]);
}

TEST_F(CompassCommand, EveryAnalyzerTimesSegmentsAlike) {
  std::int64_t first = 0;
  for (const char* analyzer : {"clsa-cim", "fast-overlapim", "pairwise", "simulator"}) {
    const auto json = run({"squeezenet1.1", "bits = 4\nbatch = 2\n"},
                          {"partition.layerwise", "overlap." + std::string(analyzer)});
    const auto latency = json["metrics"]["latency_ps"].get<std::int64_t>();
    first = first == 0 ? latency : first;
    EXPECT_EQ(latency, first) << analyzer;
  }
}

TEST_F(CompassCommand, SearchesMappingsInsideSegmentsWhereThereIsNothingToChoose) {
  const auto without = run({}, {"partition.optimal", "overlap.fast-overlapim"});
  const auto with =
      run({}, {"partition.optimal", "search.fast-overlapim", "overlap.fast-overlapim"});
  EXPECT_EQ(with["metrics"]["latency_ps"], without["metrics"]["latency_ps"]);
  EXPECT_TRUE(with["stages"][1]["statistics"].contains("nothing_to_search"));
  const auto checked = imbrex("check recipe.toml");
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_NE(
      checked.err.find("warning: stage 2 (imbrex.search.fast-overlapim) has nothing to search: "
                       "cost (imbrex.cost.crossbar) offers no choice of mappings"),
      std::string::npos)
      << checked.err;
}

// Nothing overlaps in a segment of one layer, and single pixels are dealt as evenly as the estimate
// assumes.
TEST_F(CompassCommand, EstimatesAreTheTimelineWhenEverySegmentHoldsOneLayer) {
  const auto json =
      run({}, {"partition.layerwise", "overlap.layer-by-layer"}, "--set stage.2.granularity=pixel");
  EXPECT_EQ(json["metrics"]["latency_ps"], json["stages"][0]["statistics"]["estimated_batch_ps"]);
}

TEST_F(CompassCommand, GivesTheSameBytesAtAnyNumberOfThreads) {
  run({}, {"partition.compass", "overlap.clsa-cim"}, "--threads 1");
  const std::string one = read(folder() / "r" / "result.json");
  for (const char* threads : {"2", "4"}) {
    run({}, {"partition.compass", "overlap.clsa-cim"}, std::string("--threads ") + threads);
    EXPECT_EQ(read(folder() / "r" / "result.json"), one) << threads;
  }
}

// --- Bad input

TEST_F(CompassCommand, RefusesABatchOfZero) {
  write_recipe({"resnet18-full", "bits = 4\nbatch = 0\n"},
               {"partition.optimal", "overlap.clsa-cim"});
  const std::string text = refusal(2);
  EXPECT_NE(text.find("recipe.toml:10:9: error: "), std::string::npos) << text;
  EXPECT_NE(text.find("batch = 0"), std::string::npos) << text;
}

TEST_F(CompassCommand, RefusesContradictingSizes) {
  write_recipe({"resnet18-full", "bits = 4\n",
                "use = \"imbrex.architecture.sram-cim\"\npreset = \"compass-s\"\ncores = 4\n"},
               {"partition.optimal", "overlap.clsa-cim"});
  EXPECT_EQ(
      refusal(2),
      "imbrex: error: imbrex.architecture.sram-cim: preset = \"compass-s\" fixes "
      "16 cores of 9 crossbars, but cores = 4 and crossbars_per_core = 0 are given as well; give "
      "only one\n");
}

TEST_F(CompassCommand, RefusesWeightsWiderThanTheCrossbarsColumns) {
  write_recipe({"resnet18-full", ""}, {"partition.optimal", "overlap.clsa-cim"});
  EXPECT_EQ(refusal(2),
            "imbrex: error: imbrex.architecture.sram-cim: weights of 'stem' have 8 bits, "
            "but the crossbars are arranged for weight_bits = 4; read the workload with fewer "
            "bits, or --set architecture.weight_bits=8\n");
}

TEST_F(CompassCommand, NamesAUnitThatExceedsTheChip) {
  write_recipe({"vgg16-full", "bits = 4\n",
                "use = \"imbrex.architecture.sram-cim\"\ncores = 6\ncrossbars_per_core = 16\n"},
               {"partition.compass", "overlap.clsa-cim"});
  EXPECT_EQ(
      refusal(3),
      "imbrex: error: stage 1 (imbrex.partition.compass): channels [0, 64) of 'dense1' need 98 "
      "crossbars, the smallest part that can be placed, but the chip has 96: 2 too few\n");
}

TEST_F(CompassCommand, RefusesTwoPartitionersThatCut) {
  write_recipe({}, {"partition.greedy", "partition.optimal", "overlap.clsa-cim"});
  EXPECT_EQ(
      refusal(2),
      "imbrex: error: stage 2 (imbrex.partition.optimal): an earlier stage has already cut the "
      "network into segments; use one such partitioner\n");
}

TEST_F(CompassCommand, RefusesHardwareThatCannotReplaceWeights) {
  write("recipe.toml",
        "imbrex = 1\n\n[workload]\nuse = \"imbrex.workload.toml\"\nfile = \"" IMBREX_SOURCE_DIR
        "/configs/workloads/resnet18.toml\"\n\n[architecture]\n"
        "use = \"imbrex.architecture.dram-pim\"\n\n[cost]\n"
        "use = \"imbrex.cost.bit-serial\"\n\n[[stage]]\n"
        "use = \"imbrex.partition.greedy\"\n\n[[stage]]\n"
        "use = \"imbrex.overlap.clsa-cim\"\n");
  const std::string text = refusal(2);
  EXPECT_NE(text.find("stage 1 (imbrex.partition.greedy) needs weight replacement, which neither "
                      "imbrex.architecture.dram-pim nor imbrex.cost.bit-serial provides"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace imbrex
