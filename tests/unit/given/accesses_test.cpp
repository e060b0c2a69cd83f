// What every level of a given nest accesses, and what bounds it, counted by hand.
#include "given_kit.hpp"

#include <algorithm>

namespace imbrex::test {
namespace {

// One MAC behind a buffer (0.5 pJ a word) behind an external memory (1 pJ a word), 8 bits a word.
// `read`, `written`: words per cycle of both levels, 0: as many as you like.
struct Ports {
  const char* read = "[0, 0]";
  const char* written = "[0, 0]";
};

std::string recipe(const Texts& loops, const Ports& ports = {}, const std::string& cost = "") {
  return std::string(
             "imbrex = 1\n[workload]\nuse = \"imbrex.workload.toml\"\nfile = \"net.toml\"\n"
             "[architecture]\nuse = \"imbrex.architecture.pe-array\"\nrows = 1\ncolumns = 1\n"
             "macs_per_pe = 1\nword_bits = 8\nlevel_names = [\"DRAM\", \"GLB\"]\n"
             "level_words = [0, 0]\nlevel_instances = [1, 1]\n"
             "level_energy_pj_per_word = [1, 0.5]\nlevel_read_words_per_cycle = ") +
         ports.read + "\nlevel_write_words_per_cycle = " + ports.written +
         "\n[cost]\nuse = \"imbrex.cost.loop-nest\"\n" + cost +
         "[[stage]]\nuse = \"imbrex.partition.one-per-segment\"\n"
         "[[stage]]\nuse = \"imbrex.search.given\"\nloops = " +
         array_of(loops) + "\n[[stage]]\nuse = \"imbrex.overlap.layer-by-layer\"\n";
}

std::string dense(int rows, int channels, int units) {
  return "imbrex_workload = 1\ninput.x = { shape = [" + std::to_string(rows) + ", " +
         std::to_string(channels) +
         "] }\n[network]\nlayers = [{ op = \"dense\", units = " + std::to_string(units) +
         ", name = \"fc\" }]\n";
}

struct Words {
  std::string_view level, tensor;
  std::int64_t tile;
  double read, written;
};

void expect_accesses(const LayerAccount& account, const std::vector<Words>& expected) {
  ASSERT_EQ(account.accesses.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const TensorAccesses& got = account.accesses[i];
    const Words& want = expected[i];
    SCOPED_TRACE(std::string(want.level) + " " + std::string(want.tensor));
    EXPECT_EQ(got.level, want.level);
    EXPECT_EQ(got.tensor, want.tensor);
    EXPECT_EQ(got.word_bits, 8);
    EXPECT_EQ(got.tile_words, want.tile);
    EXPECT_EQ(got.read_words, want.read);
    EXPECT_EQ(got.written_words, want.written);
  }
}

LayerAccount account_of(const run::RunOutcome& outcome) {
  return outcome.result.operators.at(0).account.value_or(LayerAccount{});
}

const Texts kProduct = {"fc DRAM t C 4", "fc DRAM t K 4", "fc DRAM t P 4",
                        "fc GLB t K 2",  "fc GLB t C 2",  "fc GLB t P 2"};

// 8 x 8 x 8 in tiles of 2 x 2 x 2, C outermost, P innermost. Weights change with C and K: 16 tiles
// of 4. Inputs and results change in each of 64 steps: 256 words; results come back in all but the
// first of four passes over C: 192. The MAC reads both operands 512 times, and writes as many sums,
// which it reads first unless they are the first of their result: 512 - 64. What leaves the buffer
// is read there, too.
TEST(Accesses, OfAProductInTiles) {
  const run::RunOutcome outcome = run_text(recipe(kProduct), dense(8, 8, 8));
  expect_accesses(account_of(outcome), {{"DRAM", "weights", 64, 64, 0},
                                        {"DRAM", "inputs", 64, 256, 0},
                                        {"DRAM", "outputs", 64, 192, 256},
                                        {"GLB", "weights", 4, 512, 64},
                                        {"GLB", "inputs", 4, 512, 256},
                                        {"GLB", "outputs", 4, 448 + 256, 512 + 192}});
  // 768 words of 1 pJ, and 576 + 768 + 1408 of half a pJ.
  EXPECT_EQ(number(outcome, "energy_pj"), 768 + 2752 * 0.5);
  EXPECT_EQ(account_of(outcome).bound_by, "compute");
}

// All in the buffer: 9 + 49 + 49 words. Rows -1 and 7 do not exist, so a window's three rows meet
// 19 of the 21 pairs, in either direction; results are summed up 441 times.
TEST(Accesses, OfAPaddedWindow) {
  const std::string network =
      "imbrex_workload = 1\ninput.x = { shape = [1, 1, 7, 7] }\n[network]\nlayers = [{ op = "
      "\"conv\", filters = 1, kernel = 3, pad = 1, name = \"fc\" }]\n";
  const Texts loops = {"fc GLB t P 7", "fc GLB t Q 7", "fc GLB t R 3", "fc GLB t S 3"};
  const run::RunOutcome outcome = run_text(recipe(loops), network);
  expect_accesses(account_of(outcome), {{"DRAM", "weights", 9, 9, 0},
                                        {"DRAM", "inputs", 49, 49, 0},
                                        {"DRAM", "outputs", 49, 0, 49},
                                        {"GLB", "weights", 9, 441, 9},
                                        {"GLB", "inputs", 49, 19 * 19, 49},
                                        {"GLB", "outputs", 49, 441 - 49 + 49, 441}});
}

// 18 channels in a tile of 16 and one of 2: 36 weights, 54 inputs, 6 results in either pass, which
// come back in the second. 108 products.
TEST(Accesses, OfUnevenTiles) {
  const Texts loops = {"fc 0 t C 2", "fc 0 t P 3", "fc 1 t C 16", "fc 1 t K 2"};
  const run::RunOutcome outcome =
      run_text(recipe(loops, {}, "imperfect = true\n"), dense(3, 18, 2));
  expect_accesses(account_of(outcome), {{"DRAM", "weights", 36, 36, 0},
                                        {"DRAM", "inputs", 54, 54, 0},
                                        {"DRAM", "outputs", 6, 6, 12},
                                        {"GLB", "weights", 32, 108, 36},
                                        {"GLB", "inputs", 16, 108, 54},
                                        {"GLB", "outputs", 2, 108 - 6 + 12, 108 + 6}});
}

// A level that keeps no weights is passed by: the MAC, which keeps nothing, reads them from the
// external memory in each of its 512 steps.
TEST(Accesses, PassLevelsByThatKeepNothing) {
  const run::RunOutcome outcome =
      run_text(recipe(kProduct, {}, "keep = [\"WIO\", \"IO\"]\n"), dense(8, 8, 8));
  expect_accesses(account_of(outcome), {{"DRAM", "weights", 64, 512, 0},
                                        {"DRAM", "inputs", 64, 256, 0},
                                        {"DRAM", "outputs", 64, 192, 256},
                                        {"GLB", "inputs", 4, 512, 256},
                                        {"GLB", "outputs", 4, 704, 704}});
}

// The external memory reads 512 words and writes 256, the buffer 1728 and 1024, in 512 steps.
TEST(Accesses, SayWhatBounds) {
  struct Case {
    Ports ports;
    const char* bound_by;
    double latency_ps;
  };
  for (const Case& one : {Case{{"[1, 0]", "[0.5, 0]"}, "compute", 512'000},
                          Case{{"[0.5, 0]", "[0.5, 0]"}, "DRAM read", 1'024'000},
                          Case{{"[0.5, 0]", "[0.125, 0]"}, "DRAM write", 2'048'000},
                          Case{{"[0, 1]", "[0, 0]"}, "GLB read", 1'728'000},
                          Case{{"[1, 0]", "[0, 1.25]"}, "GLB write", 819'200}}) {
    const run::RunOutcome outcome = run_text(recipe(kProduct, one.ports), dense(8, 8, 8));
    EXPECT_EQ(account_of(outcome).bound_by, one.bound_by);
    EXPECT_NEAR(number(outcome, "latency_ps"), one.latency_ps, 64) << one.bound_by;  // 64 jobs
  }
}

// What the operator would exchange by itself is stated, but bounds nothing: the memories are the
// segment's.
TEST(Accesses, OfSharedMemoriesBoundNoOperator) {
  const Ports slow{"[0.5, 0]", "[0.125, 0]"};
  const std::string segments = "memories = \"segments\"\n";
  const LayerAccount alone = account_of(run_text(recipe(kProduct, slow), dense(8, 8, 8)));
  const run::RunOutcome outcome = run_text(recipe(kProduct, slow, segments), dense(8, 8, 8));
  const LayerAccount shared = account_of(outcome);
  EXPECT_EQ(shared.bound_by, "compute");
  ASSERT_EQ(shared.accesses.size(), alone.accesses.size());
  for (std::size_t i = 0; i < alone.accesses.size(); ++i) {
    EXPECT_EQ(shared.accesses[i].read_words, alone.accesses[i].read_words) << i;
    EXPECT_EQ(shared.accesses[i].written_words, alone.accesses[i].written_words) << i;
  }
  // The segment moves every word once: 64 of each tensor.
  ASSERT_EQ(outcome.result.segments.size(), 1U);
  EXPECT_EQ(outcome.result.segments[0].overhead.load_bits, 64 * 8);
  EXPECT_EQ(outcome.result.segments[0].overhead.weight_bits, 64 * 8);
  EXPECT_EQ(outcome.result.segments[0].overhead.store_bits, 64 * 8);
}

// Of a whole network: words of all levels times their energies, and a pJ for every product, are the
// energy of the run, also as Timeloop counts and where factors are uneven.
TEST(Accesses, AreWhatEnergiesAreMadeOf) {
  const std::pair<std::string_view, double> energies[] = {{"DRAM", 200},      {"shared_glb", 6},
                                                          {"column", 0},      {"ifmap_spad", 1.5},
                                                          {"weight_spad", 1}, {"psum_spad", 0.5}};
  for (const char* setting : {"cost.counting=exact", "cost.counting=timeloop",
                              "cost.imperfect=true", "workload.batch=2"}) {
    const run::RunOutcome outcome =
        run_file(IMBREX_SOURCE_DIR "/configs/recipes/resnet18-eye168.toml",
                 {"architecture.level_energy_pj_per_word=[200.0, 6.0, 0.0, 1.5, 1.0, 0.5]",
                  "architecture.mac_energy_pj=1.0", setting});
    double energy_pj = number(outcome, "macs_mapped");
    for (const OperatorResult& op : outcome.result.operators) {
      ASSERT_TRUE(op.account.has_value()) << op.name;
      for (const TensorAccesses& one : op.account->accesses) {
        const auto* const level =
            std::find_if(std::begin(energies), std::end(energies),
                         [&](const auto& known) { return known.first == one.level; });
        ASSERT_NE(level, std::end(energies)) << one.level;
        energy_pj += (one.read_words + one.written_words) * level->second *
                     static_cast<double>(one.word_bits) / 16;
      }
    }
    EXPECT_NEAR(number(outcome, "energy_pj") / energy_pj, 1, 1e-12) << setting;
  }
}

// Where nothing is counted nothing is said.
TEST(Accesses, AreAbsentWhereTheCostModelCountsNone) {
  const run::RunOutcome outcome =
      run_file(IMBREX_SOURCE_DIR "/configs/recipes/tinyyolov4-clsa-cim.toml");
  EXPECT_FALSE(outcome.result.operators.at(0).account.has_value());
}

}  // namespace
}  // namespace imbrex::test
