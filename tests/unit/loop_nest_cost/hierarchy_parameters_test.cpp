// Parameters of memories and array through recipes: a product on a small array, everywhere that
// time and energy are asked for.
#include "array_system.hpp"
#include "given_kit.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>

#include <string>

namespace imbrex::test {
namespace {

constexpr const char* kNetwork =
    "imbrex_workload = 1\ninput.x = { shape = [8, 8] }\n[network]\n"
    "layers = [{ op = \"dense\", units = 8, name = \"fc\" }]\n";

std::string unless_stated(const std::string& text, const std::string& name) {
  return text.find(name) == std::string::npos ? name + " = [0, 0, 0]\n" : "";
}

// Two by two MACs behind a buffer; 8-bit words, a nanosecond a cycle.
std::string recipe(const std::string& architecture, const std::string& cost, const Texts& loops,
                   const std::string& rest = "") {
  return "imbrex = 1\n[workload]\nuse = \"imbrex.workload.toml\"\nfile = \"net.toml\"\n"
         "[architecture]\nuse = \"imbrex.architecture.pe-array\"\nrows = 2\ncolumns = 2\n"
         "macs_per_pe = 1\nlevel_names = [\"DRAM\", \"GLB\", \"RF\"]\n" +
         unless_stated(architecture, "level_words") +
         unless_stated(architecture, "level_read_words_per_cycle") +
         unless_stated(architecture, "level_write_words_per_cycle") + architecture +
         "[cost]\nuse = \"imbrex.cost.loop-nest\"\n" + cost +
         "[[stage]]\nuse = \"imbrex.partition.one-per-segment\"\n"
         "[[stage]]\nuse = \"imbrex.search.given\"\nloops = " +
         array_of(loops) + "\n[[stage]]\nuse = \"imbrex.overlap.layer-by-layer\"\n" + rest;
}

// Tiles of 4 x 8 x 4: four passes of 8 steps on each of the 4 MACs times 4 positions.
const Texts kLoops = {"fc DRAM t P 2", "fc DRAM t K 2", "fc GLB t P 2", "fc GLB t K 2",
                      "fc GLB s P 2",  "fc GLB s K 2",  "fc RF t C 8"};

run::RunOutcome run_with(const std::string& architecture, const std::string& cost = "") {
  return run_text(recipe(architecture, cost, kLoops), kNetwork);
}
double latency_of(const std::string& architecture, const std::string& cost = "") {
  return number(run_with(architecture, cost), "latency_ps");
}

TEST(HierarchyParameters, TakeTimeInARun) {
  EXPECT_EQ(latency_of(""), 128e3);  // 8 * 8 * 8 / 4
  // A multiply-accumulate takes so many cycles.
  EXPECT_EQ(latency_of("cycles_per_mac = 2\n"), 256e3);
  EXPECT_EQ(latency_of("cycles_per_mac = 16\n"), 2048e3);
  EXPECT_EQ(latency_of("cycles_per_mac = 3\ncycle_ns = 0.5\n"), 192e3);
  // Ports keep their pace: 2 * 32 weights and 2 * 32 inputs, and weights again for other rows, 192.
  EXPECT_EQ(latency_of("level_read_words_per_cycle = [0.5, 0, 0]\n"), 384e3);
  EXPECT_EQ(latency_of("level_read_words_per_cycle = [0.5, 0, 0]\ncycles_per_mac = 2\n"), 384e3);
  // Four tiles.
  EXPECT_EQ(latency_of("", "fill_drain_steps = 2\n"), 136e3);
  EXPECT_EQ(latency_of("", "fill_drain_steps = 30\n"), 248e3);
  EXPECT_EQ(latency_of("cycles_per_mac = 2\n", "fill_drain_steps = 2\n"), 272e3);
  EXPECT_EQ(latency_of("level_latency_cycles = [50, 0, 0]\n"), 200e3);
  EXPECT_EQ(latency_of("level_latency_cycles = [30, 0, 0]\n"), 128e3);
  EXPECT_EQ(latency_of("level_latency_cycles = [10, 0, 0]\n"
                       "level_read_words_per_cycle = [0.5, 0, 0]\n"),
            424e3);
  // 64 words in 32 cycles, 32 steps, 16 words in 16 cycles, and three more tiles of 32 steps.
  EXPECT_EQ(latency_of("level_read_words_per_cycle = [2, 0, 0]\n"
                       "level_write_words_per_cycle = [1, 0, 0]\n",
                       "buffering = \"in-step\"\n"),
            32e3 + 32e3 + 16e3 + 3 * 32e3);
}

TEST(HierarchyParameters, OfTimeBoundALayerInItsAccount) {
  const auto bound_by = [](const std::string& architecture, const std::string& cost = "") {
    return run_with(architecture, cost).result.operators.at(0).account.value().bound_by;
  };
  EXPECT_EQ(bound_by(""), "compute");
  EXPECT_EQ(bound_by("level_latency_cycles = [50, 0, 0]\n"), "DRAM read");
  EXPECT_EQ(bound_by("level_latency_cycles = [50, 0, 0]\n", "fill_drain_steps = 40\n"), "compute");
}

// 192 words read from the memory and 64 written; the buffer drains 64, and hands and takes others.
TEST(HierarchyParameters, EnergiesOfReadsAndWrites) {
  const auto energy_of = [](const std::string& architecture, const std::string& cost = "") {
    return number(run_with(architecture, cost), "energy_pj");
  };
  EXPECT_EQ(energy_of("level_energy_pj_per_word = [1, 0, 0]\n"), 256);
  EXPECT_EQ(energy_of("level_energy_pj_per_word = [1, 0, 0]\n"
                      "level_write_energy_pj_per_word = [0, 0, 0]\n"),
            192);
  EXPECT_EQ(energy_of("level_energy_pj_per_word = [1, 0, 0]\n"
                      "level_write_energy_pj_per_word = [3, 0, 0]\n"),
            384);
  EXPECT_EQ(energy_of("level_write_energy_pj_per_word = [2, 0, 0]\n"), 128);
}

TEST(HierarchyParameters, PartialSumsHaveTheirOwnRows) {
  const Texts loops = {"fc DRAM t C 2", "fc DRAM t P 2", "fc GLB t P 4", "fc GLB t K 8",
                       "fc RF t C 4"};
  const run::RunOutcome outcome = run_text(
      recipe("level_energy_pj_per_word = [1, 0, 0]\n", "partial_sum_bits = 32\n", loops), kNetwork);
  // 64 weights and 64 inputs; 64 sums of 4 words' width go out and come back, 64 results go out.
  EXPECT_EQ(number(outcome, "energy_pj"), 64 + 64 + 2 * 4 * 64 + 64);
  std::string rows;
  for (const TensorAccesses& one : outcome.result.operators.at(0).account.value().accesses) {
    if (one.level == "DRAM") {
      rows += std::string(one.tensor) + " " + std::to_string(one.word_bits) + ": " +
              std::to_string(static_cast<int>(one.read_words)) + ", " +
              std::to_string(static_cast<int>(one.written_words)) + "; ";
    }
  }
  EXPECT_EQ(rows, "weights 8: 64, 0; inputs 8: 64, 0; outputs 8: 0, 64; partial sums 32: 64, 64; ");
}

// Nobody searched: the tile that a register of 6 words takes holds one wide sum, a weight and an
// input; as complete results are as narrow, twice as many fit.
TEST(HierarchyParameters, CanonicalTilesHaveRoomForWideSums) {
  for (const char* cost : {"", "partial_sum_bits = 32\n", "partial_sum_bits = 24\n"}) {
    const std::string text = recipe("level_words = [0, 0, 6]\n", cost, {});
    EXPECT_EQ(failure_of([&] { run_text(text, kNetwork); }).message, "") << cost;
  }
  // Not even one fits.
  const std::string text = recipe("level_words = [0, 0, 5]\n", "partial_sum_bits = 32\n", {});
  const Failure failure = failure_of([&] { run_text(text, kNetwork); });
  EXPECT_EQ(failure.code, ErrorCode::infeasible);
  EXPECT_NE(
      failure.message.find("level 'RF with partial sums' holds 40 bits, its smallest tile needs "
                           "48: 8 more"),
      std::string::npos)
      << failure.message;
}

TEST(HierarchyParameters, OfSegmentsAreWaitedForOnce) {
  // 64 weights, 64 inputs and 64 results once, at a word each way, after a latency of 100.
  const std::string ports =
      "level_read_words_per_cycle = [1, 0, 0]\n"
      "level_write_words_per_cycle = [1, 0, 0]\n";
  const auto segment = [&](const std::string& architecture, const std::string& cost) {
    return latency_of(ports + architecture, "memories = \"segments\"\n" + cost);
  };
  EXPECT_EQ(segment("", ""), 192e3);
  EXPECT_EQ(segment("level_latency_cycles = [100, 0, 0]\n", ""), 292e3);
  // The buffer's latency is waited for beside the memory's words: 64 weights and 64 inputs go in
  // and 64 results out at its port, at two words a cycle, after 200.
  EXPECT_EQ(latency_of("level_read_words_per_cycle = [1, 2, 0]\n"
                       "level_write_words_per_cycle = [1, 2, 0]\n"
                       "level_latency_cycles = [0, 200, 0]\n",
                       "memories = \"segments\"\n"),
            200e3 + 96e3);
  // The array fills and drains beside that, in its own time.
  EXPECT_EQ(segment("", "fill_drain_steps = 10\n"), 192e3);
  EXPECT_EQ(segment("", "fill_drain_steps = 30\n"), 248e3);
  // Weights for each of two passes over rows; inputs for each over columns; both.
  EXPECT_EQ(segment("", "refetch = [\"\", \"W\", \"\"]\n"), 256e3);
  EXPECT_EQ(segment("", "refetch = [\"\", \"I\", \"\"]\n"), 256e3);
  EXPECT_EQ(segment("", "refetch = [\"\", \"WI\", \"\"]\n"), 320e3);
}

// Two layers of 8 x 8 words each, a ReLU between them, two of the four elements each; the memory
// passes a word in four cycles, in or out. Both together load 64 inputs and 2 * 64 weights and
// store 64 results: 256 words.
TEST(HierarchyParameters, WhatALayerOfTheSegmentMakesIsNotFetchedAgain) {
  Texts loops;
  for (const std::string name : {"first", "second"}) {
    for (const char* loop :
         {" DRAM t P 2", " DRAM t K 2", " GLB t P 2", " GLB t K 4", " GLB s P 2", " RF t C 8"}) {
      loops.push_back(name + loop);
    }
  }
  const auto latency = [&](const std::string& refetch, const std::string& segment) {
    std::string text = recipe(
        "level_read_words_per_cycle = [0.25, 0, 0]\n"
        "level_write_words_per_cycle = [0.25, 0, 0]\n",
        "memories = \"segments\"\nrefetch = [\"\", \"" + refetch + "\", \"\"]\n", loops);
    const std::string turns = "use = \"imbrex.partition.one-per-segment\"\n";
    text.replace(text.find(turns), turns.size(),
                 "use = \"imbrex.partition.given\"\nplacements = [\"first units 2\", "
                 "\"second units 2\", \"second segment " +
                     segment + "\"]\n");
    return number(
        run_text(text,
                 "imbrex_workload = 1\ninput.x = { shape = [8, 8] }\n[network]\nlayers = "
                 "[{ op = \"dense\", units = 8, name = \"first\" }, { op = \"activation\", "
                 "type = \"relu\", name = \"relu\" }, { op = \"dense\", units = 8, name = "
                 "\"second\" }]\n"),
        "latency_ps");
  };
  EXPECT_EQ(latency("", "0"), 4 * 256e3);
  EXPECT_EQ(latency("I", "0"), 4 * (256e3 + 64e3));      // the first layer's, for other columns
  EXPECT_EQ(latency("W", "0"), 4 * (256e3 + 2 * 64e3));  // both layers', for other rows
  EXPECT_EQ(latency("WI", "0"), 4 * (256e3 + 3 * 64e3));
  // One after another: what the first makes is stored and loaded, and fetched again, too.
  EXPECT_EQ(latency("", "1"), 4 * 2 * 192e3);
  EXPECT_EQ(latency("I", "1"), 4 * 2 * 256e3);
  EXPECT_EQ(latency("WI", "1"), 4 * 2 * 320e3);
}

// Whatever a search draws: latencies never make a mapping faster, jobs and layers agree, and no
// mapping is below the bound.
TEST(HierarchyParameters, OnlyAddTime) {
  const Texts latencies = {"architecture.level_latency_cycles=[20,3,0,1]",
                           "cost.fill_drain_steps=30", "cost.buffering=in-step"};
  const ArraySystem plain("resnet18-ws256.toml", {"cost.counting=timeloop"});
  Texts overrides = latencies;
  overrides.push_back("cost.counting=timeloop");
  const ArraySystem slow("resnet18-ws256.toml", overrides);
  int slower = 0;
  for (const OperatorId id : plain.mapped()) {
    const mapspace::MapSpace space(plain.cost().map_space(id, {}));
    EXPECT_EQ(slow.cost().lower_bound_ps(id, {}), plain.cost().lower_bound_ps(id, {}) + 30'000);
    Random random(7, index(id));
    for (int trial = 0; trial < 100; ++trial) {
      const Mapping mapping = space.sample(random);
      const LayerCost before = plain.evaluate(id, mapping);
      const LayerCost after = slow.evaluate(id, mapping);
      ASSERT_EQ(after.verdict, before.verdict);
      if (after.verdict != Verdict::feasible) {
        continue;
      }
      ASSERT_GE(after.latency_ps, before.latency_ps);
      ASSERT_EQ(after.energy_pj, before.energy_pj);
      ASSERT_GE(after.latency_ps, slow.cost().lower_bound_ps(id, {}));
      slower += after.latency_ps > before.latency_ps ? 1 : 0;
      std::int64_t jobs = 1;
      for (const Loop& loop : mapping.outer_loops()) {
        jobs *= loop.bound;
      }
      ASSERT_EQ(slow.cost().job_clock(id, {}, mapping).fixed_ps * jobs, after.latency_ps);
    }
  }
  EXPECT_GT(slower, 100);
}

TEST(HierarchyParameters, RefuseWhatContradictsItself) {
  const auto message = [](const std::string& architecture, const std::string& cost) {
    return failure_of([&] { run_with(architecture, cost); }).message;
  };
  const auto expect = [&](const std::string& cost, const std::string& text) {
    EXPECT_NE(message("", cost).find(text), std::string::npos) << message("", cost);
  };
  expect("refetch = [\"\", \"W\"]\n",
         "parameter 'refetch' has 2 entries, the architecture has 3 levels: DRAM, GLB, RF");
  expect("refetch = [\"\", \"O\", \"\"]\n", "parameter 'refetch': 'O' for level 'GLB' holds 'O'");
  expect("refetch = [\"W\", \"\", \"\"]\n", "the outermost level 'DRAM' fetches from nowhere");
  expect("keep = [\"WIO\", \"I\", \"WIO\"]\nrefetch = [\"\", \"W\", \"\"]\n",
         "for level 'GLB' holds a letter that 'keep' does not");
  expect("link_transfers = true\nrefetch = [\"\", \"W\", \"\"]\n",
         "parameters 'refetch' and 'link_transfers' exclude each other");
}

}  // namespace
}  // namespace imbrex::test
