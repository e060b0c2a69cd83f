// Loop nests given by hand: a product of 8 x 8 matrices on one MAC behind a buffer, whose words in
// the external memory (1 pJ each) are counted by hand, and everything that can be wrong with a
// text.
#include "given_kit.hpp"

#include <imbrex/toolkit/spatial/pipeline_granularity.hpp>

namespace imbrex::test {
namespace {

constexpr const char* kProduct =
    "imbrex_workload = 1\ninput.x = { shape = [8, 8] }\n"
    "[network]\nlayers = [{ op = \"dense\", units = 8, name = \"fc\" },"
    " { op = \"activation\", type = \"relu\", name = \"relu\" }]\n";

std::string recipe(const Texts& loops, const std::string& rest = "", int buffer_words = 0,
                   const std::string& constraints = "") {
  return "imbrex = 1\n[workload]\nuse = \"imbrex.workload.toml\"\nfile = \"net.toml\"\n"
         "[architecture]\nuse = \"imbrex.architecture.pe-array\"\nrows = 2\ncolumns = 2\n"
         "macs_per_pe = 1\nword_bits = 8\nlevel_names = [\"DRAM\", \"GLB\"]\nlevel_words = [0, " +
         std::to_string(buffer_words) +
         "]\nlevel_instances = [1, 1]\nlevel_read_words_per_cycle = [0, 0]\n"
         "level_write_words_per_cycle = [0, 0]\nlevel_energy_pj_per_word = [1, 0]\n"
         "[cost]\nuse = \"imbrex.cost.loop-nest\"\nconstraints = [" +
         constraints +
         "]\n[[stage]]\nuse = \"imbrex.partition.one-per-segment\"\n"
         "[[stage]]\nuse = \"imbrex.search.given\"\nloops = " +
         array_of(loops) + "\n" + rest + "[[stage]]\nuse = \"imbrex.overlap.layer-by-layer\"\n";
}

run::RunOutcome run_product(const Texts& loops, const std::string& rest = "") {
  return run_text(recipe(loops, rest), kProduct);
}

const Texts kTile = {"fc 1 t K 2", "fc 1 t C 2", "fc 1 t P 2"};

// Loops of the external memory in front of a buffer tile of 2 x 2 x 2: 4 words of each tensor.
Texts in_front(const Texts& loops) {
  Texts all = loops;
  all.insert(all.end(), kTile.begin(), kTile.end());
  return all;
}

struct Counted {
  Texts loops;
  double words;
};

// A tensor is fetched again whenever a loop of its own, or one that such a loop stands in, steps;
// loops inside all of its own do not count. Results are written each time, and read back but the
// first.
TEST(GivenNest, HasTheWordsOfItsOrder) {
  const Counted cases[] = {
      // C outermost, P innermost: W 16 tiles, I 64, O 64 and 48 back: 4 * 192.
      {in_front({"fc DRAM temporal C 4", "fc DRAM temporal K 4", "fc DRAM temporal P 4"}), 768},
      // C innermost: O 16 tiles, none back; W and I 64 each: 4 * 144.
      {in_front({"fc 0 t K 4", "fc 0 t P 4", "fc 0 t C 4"}), 576},
      {in_front({"fc 0 t P 4", "fc 0 t K 4", "fc 0 t C 4"}), 576},
      // K innermost: I 16 tiles; W 64, O 64 and 48 back: 4 * 192.
      {in_front({"fc DRAM t P 4", "fc 0 t C 4", "fc 0 temporal K 4"}), 768},
      // Everything in the buffer: each tensor once.
      {{"fc GLB temporal K 8", "fc GLB temporal C 8", "fc GLB temporal P 8"}, 192},
      // All of K in the buffer: W 4 tiles of 16, I 16 of 4, O 16 of 16 and 12 back.
      {{"fc 0 t C 4", "fc 0 t P 4", "fc 1 t K 8", "fc 1 t C 2", "fc 1 t P 2"}, 576},
  };
  for (const Counted& counted : cases) {
    const run::RunOutcome outcome = run_product(counted.loops);
    EXPECT_EQ(number(outcome, "energy_pj"), counted.words) << array_of(counted.loops);
  }
}

// Steps of the MAC: 512 of 1 ns, a quarter of them where four work side by side.
TEST(GivenNest, RunsOnWhatItsSpatialLoopsTake) {
  const run::RunOutcome one = run_product({"fc GLB t K 8", "fc GLB t C 8", "fc GLB t P 8"});
  const run::RunOutcome four =
      run_product({"fc GLB t K 4", "fc GLB t C 4", "fc GLB t P 8", "fc GLB s C 2", "fc GLB s K 2"});
  EXPECT_EQ(number(one, "latency_ps"), 4 * number(four, "latency_ps"));
}

// Written as result.json does: levels by name, whole words, no loops of bound 1, dimensions of a
// place without order ascending.
TEST(GivenNest, ComesBackAsText) {
  const run::RunOutcome outcome =
      run_product({"fc 0 t P 4", "fc 0 t Q 1", "fc 0 t C 4", "fc 1 t P 2", "fc 1 t K 4",
                   "fc 1 t C 2", "fc GLB spatial K 2"});
  const OperatorResult& result = outcome.result.operators.at(0);
  EXPECT_EQ(result.loops,
            (Texts{"fc DRAM temporal P 4", "fc DRAM temporal C 4", "fc GLB temporal K 4",
                   "fc GLB temporal C 2", "fc GLB temporal P 2", "fc GLB spatial K 2"}));
  EXPECT_TRUE(result.outer.empty());
  EXPECT_TRUE(result.job_extents.empty());
  EXPECT_TRUE(result.chosen);
  EXPECT_EQ(result.times.jobs, 16);
}

TEST(GivenNest, LeavesOthersAlone) {
  const run::RunOutcome outcome = run_product({});
  EXPECT_FALSE(outcome.design->mapping(outcome.result.operators.at(0).id).has_value());
  EXPECT_FALSE(outcome.result.operators.at(0).chosen);
  EXPECT_FALSE(outcome.result.operators.at(0).loops.empty());
}

struct Wrong {
  Texts loops;
  const char* message;  // a part of it
  ErrorCode code;
  const char* rest = "";
};

void expect_refused(const Wrong& wrong) {
  const Failure failure = failure_of([&] { run_product(wrong.loops, wrong.rest); });
  EXPECT_EQ(failure.code, wrong.code) << failure.message;
  EXPECT_NE(failure.message.find(wrong.message), std::string::npos)
      << failure.message << "\nshould say: " << wrong.message;
  EXPECT_NE(failure.message.find("imbrex.search.given"), std::string::npos) << failure.message;
}

TEST(GivenNest, RefusesTextsThatSayNothing) {
  const ErrorCode bad = ErrorCode::bad_input;
  for (const Wrong& wrong : {
           Wrong{{"fc 0 C 4"}, "loops \"fc 0 C 4\": '0' is neither temporal nor spatial", bad},
           Wrong{{"t K 4"}, "loops \"t K 4\": has too few words; expected \"OPERATOR LEVEL", bad},
           Wrong{{""}, "has too few words", bad},
           Wrong{{"fc 0 t X 4"}, "'X' is not a dimension; they are N, G, K", bad},
           Wrong{{"fc 0 t K 0"}, "'0' is not a number of at least 1", bad},
           Wrong{{"fc 0 t K four"}, "'four' is not a number", bad},
           Wrong{{"fc 0 t K 99999999999999999999"}, "is not a number", bad},
           Wrong{{"fd 0 t K 4"}, "no operator 'fd'; did you mean 'fc'?", bad},
           Wrong{{"fc GBL t K 4"},
                 "no level 'GBL'; did you mean 'GLB'? The levels are DRAM (0)",
                 bad},
           Wrong{{"fc 2 t K 4"}, "no level '2'", bad},
           Wrong{{"relu 0 t K 4"}, "'relu' has no loop nest", bad},
           Wrong{{"fc 0 t C 4", "fc 1 t K 8", "fc 1 t P 8"},
                 "loops of operator 'fc': they make 4 of the 8 of dimension C",
                 bad},
           Wrong{{}, "no operator 'fd'; did you mean 'fc'?", bad, "outer = [\"fd 1\"]\n"},
           Wrong{{"fc 1 t K 8"}, "has 1 loops of a bound above 1", bad, "outer = [\"fc 2\"]\n"},
           Wrong{{}, "'Z' is not a dimension", bad, "job_extents = [\"fc Z 2\"]\n"},
       }) {
    expect_refused(wrong);
  }
}

TEST(GivenNest, RefusesNestsThatTheHardwareDoesNotRun) {
  const ErrorCode no = ErrorCode::infeasible;
  for (const Wrong& wrong : {
           Wrong{{"fc 1 t K 8", "fc 0 t C 8", "fc 1 t P 8"},
                 "'DRAM temporal C 8' stands inside a loop of 'GLB temporal'",
                 no},
           Wrong{{"fc 0 t K 3", "fc 1 t K 3", "fc 1 t C 8", "fc 1 t P 8"},
                 "loops of dimension K, 3 * 3 from the outermost on, do not divide its 8",
                 no},
           Wrong{{"fc 0 t K 2", "fc 0 t C 8", "fc 0 t K 4", "fc 1 t P 8"},
                 "'DRAM temporal' has two loops of dimension K",
                 no},
           Wrong{{"fc 0 s K 8", "fc 1 t C 8", "fc 1 t P 8"},
                 "there is no place for spatial loops of level 0 (K 8)",
                 no},
           Wrong{{"fc 1 t C 8", "fc 1 t P 8", "fc 1 s K 8"},
                 "the loops of 'GLB spatial' fan out to 8, at most 4 are there: 4 too many",
                 no},
           Wrong{{"fc 0 t C 8", "fc 1 t K 8", "fc 1 t P 8"},
                 "its jobs are the first 2 loops; by the levels they must be the first 1",
                 no,
                 "outer = [\"fc 2\"]\n"},
       }) {
    expect_refused(wrong);
  }
}

// P 3, C 18, K 2 in o = ceil(18 / t) tiles of t channels, then one row at a time: 3 * o jobs.
// Words: weights 36 once, inputs 54 once, and the 6 results written in each tile of channels and
// read back in all but the first. Any t is a tile, not only those that leave the tiles most even.
TEST(GivenNest, CutsWhereItSays) {
  const std::string network =
      "imbrex_workload = 1\ninput.x = { shape = [3, 18] }\n"
      "[network]\nlayers = [{ op = \"dense\", units = 2, name = \"fc\" }]\n";
  struct Cut {
    int tile;
    int tiles;
    int words;
  };
  const Cut cases[] = {{9, 2, 108}, {16, 2, 108}, {17, 2, 108}, {4, 5, 144}, {7, 3, 120}};
  for (const auto& [tile, tiles, words] : cases) {
    const Texts loops = {"fc 0 t C " + std::to_string(tiles), "fc 0 t P 3",
                         "fc 1 t C " + std::to_string(tile), "fc 1 t K 2"};
    std::string text = recipe(loops);
    text.insert(text.find("constraints"), "imperfect = true\n");
    const run::RunOutcome outcome = run_text(text, network);
    EXPECT_EQ(number(outcome, "jobs"), 3 * tiles) << tile;
    EXPECT_EQ(number(outcome, "energy_pj"), words) << tile;
    if (18 % tile != 0) {
      EXPECT_EQ(failure_of([&] { run_text(recipe(loops), network); }).code, ErrorCode::infeasible);
    }
  }
  // A third tile of C would be empty.
  std::string text = recipe({"fc 0 t C 3", "fc 0 t P 3", "fc 1 t C 9", "fc 1 t K 2"});
  text.insert(text.find("constraints"), "imperfect = true\n");
  EXPECT_EQ(failure_of([&] { run_text(text, network); }).code, ErrorCode::infeasible);
}

// 4 words of each tensor: 12.
TEST(GivenNest, IsHeldToCapacities) {
  const Texts loops = in_front({"fc 0 t C 4", "fc 0 t K 4", "fc 0 t P 4"});
  EXPECT_EQ(number(run_text(recipe(loops, "", 12), kProduct), "energy_pj"), 768);
  const Failure failure = failure_of([&] { run_text(recipe(loops, "", 11), kProduct); });
  EXPECT_EQ(failure.code, ErrorCode::infeasible) << failure.message;
  EXPECT_NE(failure.message.find("imbrex.search.given"), std::string::npos) << failure.message;
  EXPECT_NE(failure.message.find("GLB"), std::string::npos) << failure.message;
}

TEST(GivenNest, IsHeldToConstraints) {
  const Texts loops = in_front({"fc 0 t C 4", "fc 0 t K 4", "fc 0 t P 4"});
  const std::pair<const char*, const char*> cases[] = {
      {"\"*: GLB temporal K = 4\"", "'GLB temporal K 2' is against constraint"},
      {"\"*: GLB temporal dims = K C\"", "'GLB temporal P 2' is against constraint"},
      {"\"*: GLB spatial >= 4\"", "fan out to 1, at least 4 are asked for"},
      {"\"*: DRAM temporal order = K P\"", "outermost first, in 'DRAM temporal': K P"},
  };
  for (const auto& one : cases) {
    const std::string constraint = one.first;
    const std::string message = one.second;
    const Failure failure =
        failure_of([&] { run_text(recipe(loops, "", 0, constraint), kProduct); });
    EXPECT_EQ(failure.code, ErrorCode::infeasible) << failure.message;
    EXPECT_NE(failure.message.find(message), std::string::npos) << failure.message;
  }
  EXPECT_EQ(number(run_text(recipe(loops, "", 0, "\"*: DRAM temporal order = C K\""), kProduct),
                   "energy_pj"),
            768);
}

// configs/recipes/product-given.toml is the example of the page on recipes.
TEST(GivenNest, IsTheExampleThatShips) {
  EXPECT_EQ(number(run_file(IMBREX_SOURCE_DIR "/configs/recipes/product-given.toml"), "energy_pj"),
            768);
}

}  // namespace
}  // namespace imbrex::test
