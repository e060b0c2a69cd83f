// Times, shares and refusals of small layers, by hand: constraints, multipliers used, transposed
// convolutions, clocks of any period, times that cannot be counted, segments that somebody chose.
#include "mapper_kit.hpp"
#include "port_rates.hpp"
#include "run/simulation_check.hpp"

#include <imbrex/plugin/host.hpp>

#include <algorithm>
#include <vector>

namespace imbrex::test {
namespace {

// 8 x 8 x 8 in tiles of 2 x 2 x 2 with one order of the loops outside: words as in GivenNest.
TEST(Mappers, AnswerWithTheNestThatConstraintsLeave) {
  const std::pair<const char*, double> orders[] = {{"C K P", 768}, {"K C P", 768}, {"C P K", 768},
                                                   {"P C K", 768}, {"K P C", 576}, {"P K C", 576}};
  for (const auto& [order, expected] : orders) {
    for (const char* search : {"exhaustive", "random", "genetic"}) {
      MapperRecipe recipe;
      recipe.cost =
          "constraints = [\"fc: GLB temporal K = 2\", \"fc: GLB temporal C = 2\","
          " \"fc: GLB temporal P = 2\", \"fc: DRAM temporal order = " +
          std::string(order) + "\"]\n";
      recipe.stages =
          mapper_stage("partition.one-per-segment") + mapper_stage(std::string("search.") + search);
      EXPECT_EQ(words(recipe, product(8, 8, 8)), expected) << order << ' ' << search;
    }
  }
}

// A number above what there is asks for all of it; one that does not divide is refused, unless
// tiles may be uneven.
TEST(Mappers, NeverAnswerWithLessThanConstraintsAskFor) {
  struct Case {
    const char* constraint;
    bool imperfect;
    std::int64_t bound;  // 0: there is none
  };
  for (const Case& one : {Case{"GLB spatial K = 16", false, 10},
                          {"GLB spatial K = 10", false, 10},
                          {"GLB spatial K >= 11", false, 10},
                          {"GLB spatial K = 3", false, 0},
                          {"GLB spatial K = 3", true, 3},
                          {"GLB spatial K = 5", false, 5}}) {
    MapperRecipe recipe;
    recipe.architecture = kElements;
    recipe.cost = std::string("constraints = [\"c: ") + one.constraint + "\"]\n" +
                  (one.imperfect ? "imperfect = true\n" : "");
    recipe.stages = mapper_stage("partition.one-per-segment") +
                    mapper_stage("search.random", "samples = 200\n");
    const std::string net =
        network({image(6, 8)}, {"op = \"conv\", filters = 10, kernel = 3, pad = 1, name = \"c\""});
    Texts loops;
    const Failure failure =
        failure_of([&] { loops = run_text(text_of(recipe), net).result.operators.at(0).loops; });
    const std::string wanted = "c GLB spatial K " + std::to_string(one.bound);
    if (one.bound == 0) {
      EXPECT_EQ(failure.code, ErrorCode::infeasible) << one.constraint;
    } else {
      EXPECT_EQ(std::count(loops.begin(), loops.end(), wanted), 1)
          << one.constraint << array_of(loops) << failure.message;
    }
  }
}

// 16 MACs on one level. 8 x 8 x 8 are 512 products.
TEST(MacUtilisation, IsProductsOverThoseThatCouldBeDone) {
  struct Case {
    int units;
    const char* words_per_cycle;
    Texts loops;
    double share;
  };
  const Texts four = {"fc 1 t P 8", "fc 1 t C 8", "fc 1 t K 2", "fc 1 s K 4"};
  for (const Case& one : {
           Case{8, "0", {"fc 1 t P 8", "fc 1 t C 8", "fc 1 t K 8"}, 1.0 / 16},
           {8, "0", four, 4.0 / 16},
           {8, "0", {"fc 1 t P 8", "fc 1 t C 2", "fc 1 t K 2", "fc 1 s C 4", "fc 1 s K 4"}, 1},
           {6, "0", four, 384.0 / (128 * 16)},    // two steps of K, the second half full
           {8, "0.5", four, 512.0 / (256 * 16)},  // 128 words read in 256 cycles
       }) {
    MapperRecipe recipe;
    recipe.architecture =
        "rows = 4\ncolumns = 4\nmacs_per_pe = 1\nword_bits = 8\n"
        "level_names = [\"DRAM\", \"GLB\"]\nlevel_words = [0, 0]\n"
        "level_instances = [1, 1]\nlevel_write_words_per_cycle = [0, 0]\n"
        "level_read_words_per_cycle = [" +
        std::string(one.words_per_cycle) + ", 0]\n";
    recipe.cost = "imperfect = true\n";
    recipe.stages = given_nest(one.loops);
    const run::RunOutcome outcome = run_text(text_of(recipe), product(8, 8, one.units));
    EXPECT_DOUBLE_EQ(number(outcome, "mac_utilisation"), one.share);
    EXPECT_DOUBLE_EQ(outcome.result.operators.at(0).mac_utilisation, one.share);
    EXPECT_DOUBLE_EQ(number(outcome, "occupancy"), 1);
    EXPECT_DOUBLE_EQ(number(outcome, "utilisation"), 1);
  }
}

// 12 channels in four parts of three, each in two steps of two: jobs of four channels, of which
// three exist where four are named. 30 in six parts of five, each in three steps of two: jobs of
// six, of which five exist. The time is that of the products that exist, two in a cycle.
TEST(MacUtilisation, CountsIdleStepsAsTime) {
  struct Case {
    int units;
    Texts loops;
    std::int64_t jobs;
  };
  for (const Case& one : {
           Case{12, {"fc 0 t K 4", "fc 1 t P 8", "fc 1 t C 8", "fc 1 t K 2", "fc 1 s K 2"}, 3},
           {30, {"fc 0 t K 6", "fc 1 t P 8", "fc 1 t C 8", "fc 1 t K 3", "fc 1 s K 2"}, 5},
           {12, {"fc 0 t K 3", "fc 1 t P 8", "fc 1 t C 8", "fc 1 t K 2", "fc 1 s K 2"}, 3},
       }) {
    MapperRecipe recipe;
    recipe.architecture =
        "rows = 4\ncolumns = 4\nmacs_per_pe = 1\nword_bits = 8\n"
        "level_names = [\"DRAM\", \"GLB\"]\nlevel_words = [0, 0]\n"
        "level_instances = [1, 1]\nlevel_write_words_per_cycle = [0, 0]\n"
        "level_read_words_per_cycle = [0, 0]\n";
    recipe.cost = "imperfect = true\n";
    recipe.stages = given_nest(one.loops);
    const run::RunOutcome outcome = run_text(text_of(recipe), product(8, 8, one.units));
    const OperatorResult& fc = outcome.result.operators.at(0);
    EXPECT_EQ(fc.times.jobs, one.jobs);
    EXPECT_DOUBLE_EQ(fc.mac_utilisation, 2.0 / 16) << one.units;  // two of 16 MACs work
    EXPECT_DOUBLE_EQ(number(outcome, "mac_utilisation"), 2.0 / 16) << one.units;
  }
}

// Jobs of one step each: each word is read before its job or beside another's, and nothing but the
// picosecond of a job is rounded up.
TEST(Ports, AreAsSlowAsAllTheirWords) {
  std::vector<PortRate> rates(std::begin(kPortRates), std::end(kPortRates));
  rates.push_back({"0", 4096});  // no limit
  for (const auto& [words_per_cycle, cycles] : rates) {
    MapperRecipe recipe;
    recipe.architecture =
        "rows = 4\ncolumns = 4\nmacs_per_pe = 1\nword_bits = 8\n"
        "level_names = [\"DRAM\", \"GLB\"]\nlevel_words = [0, 0]\nlevel_instances = [1, 1]\n"
        "level_write_words_per_cycle = [0, 0]\nlevel_read_words_per_cycle = [" +
        std::string(words_per_cycle) + ", 0]\n";
    recipe.stages = given_nest({"fc 0 t K 64", "fc 0 t P 64", "fc 1 s C 16"});
    const run::RunOutcome outcome = run_text(text_of(recipe), product(64, 16, 64));
    EXPECT_EQ(number(outcome, "jobs"), 4096);
    EXPECT_GE(number(outcome, "latency_ps"), cycles * 1000) << words_per_cycle;
    EXPECT_LT(number(outcome, "latency_ps"), cycles * 1000 + 4096) << words_per_cycle;
    EXPECT_EQ(outcome.result.operators.at(0).account.value_or(LayerAccount{}).bound_by,
              cycles > 4096 ? "DRAM read" : "compute")
        << words_per_cycle;
  }
}

// Every input position meets every tap of every output channel of its group once: so many products,
// and on one MAC so many cycles.
TEST(TransposedConvolutions, TakeTheTimeOfTheProductsThatAreNeeded) {
  struct Case {
    const char* shape;
    const char* layer;
    double macs;
  };
  for (const Case& one : {
           Case{"1, 2, 4, 4", "filters = 3, kernel = 2, stride = 2", 16 * 2 * 4 * 3},
           Case{"1, 1, 2, 2", "filters = 3, kernel = 2, stride = 2", 4 * 4 * 3},
           Case{"2, 4, 8, 8",
                "filters = 4, kernel = 3, stride = 2, groups = 4, pad = 1, "
                "output_pad = 1",
                2 * 64 * 4 * 9},
           Case{"1, 1, 3, 3", "filters = 2, kernel = 3, stride = 2, pad = 1, output_pad = 1",
                9 * 9 * 2},
       }) {
    MapperRecipe recipe;
    recipe.stages = mapper_stage("partition.one-per-segment");
    const std::string net =
        network({"x = { shape = [" + std::string(one.shape) + "] }"},
                {"op = \"transposed_conv\", " + std::string(one.layer) + ", name = \"c\""});
    const run::RunOutcome outcome = run_text(text_of(recipe), net);
    EXPECT_EQ(number(outcome, "macs_mapped"), one.macs) << one.shape;
    EXPECT_EQ(number(outcome, "latency_ps"), one.macs * 1000) << one.shape;
  }
}

// 1000 steps at so many nanoseconds, to the nearest picosecond.
TEST(Clocks, HaveAnyPeriod) {
  const std::pair<const char*, double> clocks[] = {{"0.33333333333", 333'333},
                                                   {"0.7142857142857143", 714'286},
                                                   {"0.41666666666667", 416'667},
                                                   {"1.25", 1'250'000}};
  for (const auto& [cycle_ns, latency_ps] : clocks) {
    MapperRecipe recipe;
    recipe.architecture += std::string("cycle_ns = ") + cycle_ns + "\n";
    recipe.stages = given_nest({"fc 1 t C 1000"});
    EXPECT_EQ(number(run_text(text_of(recipe), product(1, 1000, 1)), "latency_ps"), latency_ps)
        << cycle_ns;
  }
}

// Beyond 2^53 ps a time is no time: 2^20 x 2^16 x 2^16 steps of 1 ps are 2^52, twice as many are
// not countable, nor are fewer of 1 us.
TEST(Clocks, RefuseTimesThatCannotBeCounted) {
  for (const char* analyzer : {kLayerByLayer, kPipelined}) {
    const auto latency = [&](int units, const char* cycle_ns) {
      MapperRecipe recipe;
      recipe.architecture += std::string("cycle_ns = ") + cycle_ns + "\n";
      recipe.stages = mapper_stage("partition.one-per-segment");
      const std::string text = text_of(recipe);
      return number(run_text(text.substr(0, text.rfind("[[stage]]")) +
                                 mapper_stage(analyzer, "granularity = \"layer\"\n"),
                             product(1 << 20, 1 << 16, units)),
                    "latency_ps");
    };
    EXPECT_EQ(latency(1 << 16, "0.001"), 4503599627370496.0);
    for (const auto& [units, cycle_ns] :
         {std::pair{1 << 17, "0.001"}, std::pair{1 << 18, "1"}, std::pair{1 << 8, "1000"}}) {
      const Failure failure = failure_of([&, u = units, c = cycle_ns] { latency(u, c); });
      EXPECT_EQ(failure.code, ErrorCode::bad_input) << analyzer << units << failure.message;
      EXPECT_NE(failure.message.find("'fc'"), std::string::npos) << failure.message;
    }
  }
}

// Small chains of windows of all kinds, by objective. Whatever one partitioner cuts the other one
// can lay out, and what is analysed is what is simulated.
TEST(Mappers, LayOutWhateverTheyCut) {
  constexpr std::uint64_t kSeed = 31;
  constexpr std::uint64_t kTrials = 60;
  static plugin::HostServices services{plugin::HostOptions{}};
  const Component& simulator = *registry().find("imbrex.overlap.simulator");
  for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", trial " + std::to_string(trial));
    Random random(kSeed, trial);
    const auto text = [&](std::int64_t low, std::int64_t high) {
      return std::to_string(random.between(low, high));
    };
    Texts layers;
    std::int64_t channels = random.between(1, 8);
    const std::string input = "x = { shape = [1, " + std::to_string(channels) + ", " + text(3, 17) +
                              ", " + text(3, 17) + "] }";
    for (std::int64_t left = random.between(2, 4); left > 0; --left) {
      const std::int64_t groups = channels % 2 == 0 ? random.between(1, 2) : 1;
      channels = groups * random.between(1, 4);
      layers.push_back("op = \"conv\", filters = " + std::to_string(channels) +
                       ", groups = " + std::to_string(groups) + ", kernel = " +
                       std::to_string(2 * random.between(0, 2) + 1) + ", stride = " + text(1, 3) +
                       ", dilation = " + text(1, 2) + ", pad = \"same\"");
    }
    const char* const objectives[] = {"latency", "energy", "edp"};
    MapperRecipe recipe{kElements, kSegments,
                        mapper_stage("partition.optimal") +
                            mapper_stage("partition.pipeorgan", "depth = \"given\"\n"),
                        "overlap.clsa-cim",
                        std::string("objective = \"") + objectives[random.below(3)] + "\"\n"};
    const std::string net = network({input}, layers);
    SCOPED_TRACE(net);
    const Failure failure = failure_of([&] {
      const run::RunOutcome outcome = run_text(text_of(recipe), net);
      EXPECT_TRUE(run::check_by_simulation(outcome, simulator, services).agrees);
    });
    EXPECT_EQ(failure.message, "");
  }
}

}  // namespace
}  // namespace imbrex::test
