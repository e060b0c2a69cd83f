// Placements given by hand: one layer of 8 rows of 8 pixels on crossbars that take 1 us per pixel.
#include "given_kit.hpp"

namespace imbrex::test {
namespace {

constexpr const char* kNetwork =
    "imbrex_workload = 1\ninput.image = { shape = [1, 16, 8, 8] }\n[network]\nlayers = [\n"
    "{ op = \"conv\", filters = 16, kernel = 1, name = \"first\" },\n"
    "{ op = \"activation\", type = \"relu\", name = \"relu\" },\n"
    "{ op = \"conv\", filters = 16, kernel = 1, name = \"second\" }]\n";

std::string recipe(const Texts& placements, const std::string& architecture) {
  return "imbrex = 1\n[workload]\nuse = \"imbrex.workload.toml\"\nfile = \"net.toml\"\nbits = 4\n"
         "[architecture]\nuse = \"imbrex.architecture." +
         architecture +
         "\n[cost]\nuse = \"imbrex.cost.crossbar\"\n"
         "[[stage]]\nuse = \"imbrex.partition.given\"\nplacements = " +
         array_of(placements) + "\n[[stage]]\nuse = \"imbrex.overlap.layer-by-layer\"\n";
}

// Six crossbars: one for each layer and four to spare.
run::RunOutcome run_tiled(const Texts& placements) {
  return run_text(recipe(placements, "tiled-cim\"\nextra_pes = 4\nmvm_latency_ns = 1000"),
                  kNetwork);
}

// Pixels are dealt in turn, or in strips; the copy with most of them ends last. The second layer
// takes 64 us.
TEST(GivenPlacement, SharesRowsAmongCopies) {
  const std::pair<Texts, double> cases[] = {
      {{}, 128e6},
      {{"first copies 2"}, 96e6},
      {{"first copies 3"}, 86e6},  // 22, 21 and 21 pixels
      {{"first copies 4", "second copies 2"}, 48e6},
      {{"first copies 3", "first dealing strip-h"}, 88e6},  // 3, 3 and 2 rows of 8
      {{"first copies 3", "first dealing strip-w"}, 88e6},  // 3, 3 and 2 columns of 8
  };
  for (const auto& [placements, latency_ps] : cases) {
    const run::RunOutcome outcome = run_tiled(placements);
    EXPECT_EQ(number(outcome, "latency_ps"), latency_ps) << array_of(placements);
  }
}

TEST(GivenPlacement, ComesBackAsText) {
  const Texts first = {"first segment 0", "first copies 3", "first units 4", "first first_unit 2",
                       "first dealing strip-w"};
  const Texts second = {"second segment 0", "second copies 1"};
  Texts all = first;
  all.insert(all.end(), second.begin(), second.end());
  const run::RunOutcome outcome = run_tiled(all);
  EXPECT_EQ(outcome.result.operators.at(0).placement, first);
  EXPECT_EQ(outcome.result.operators.at(1).placement, second);
}

TEST(GivenPlacement, CutsNetworks) {
  const std::string chip = "sram-cim\"\npreset = \"compass-s\"";
  const run::RunOutcome outcome = run_text(recipe({"second segment 1"}, chip), kNetwork);
  ASSERT_EQ(outcome.result.segments.size(), 2U);
  EXPECT_EQ(outcome.result.segments[0].operators, Texts{"first"});
  EXPECT_EQ(outcome.result.segments[1].operators, Texts{"second"});
}

struct Wrong {
  Texts placements;
  const char* message;  // a part of it
  ErrorCode code;
};

TEST(GivenPlacement, RefusesWhatSaysNothingOrCannotBe) {
  const ErrorCode bad = ErrorCode::bad_input;
  const ErrorCode no = ErrorCode::infeasible;
  for (const Wrong& wrong : {
           Wrong{{"copies 2"}, "placements \"copies 2\": has too few words; expected", bad},
           Wrong{{"first copy 2"}, "'copy' is no property of a placement; expected", bad},
           Wrong{{"first copies 0"}, "'0' is not a number from 1 to", bad},
           Wrong{{"first copies two"}, "'two' is not a number", bad},
           Wrong{{"first segment -1"}, "'-1' is not a number from 0 to 2147483647", bad},
           Wrong{
               {"first dealing rows"}, "'rows' is no way to deal jobs; they are round-robin", bad},
           Wrong{{"frist copies 2"}, "no operator 'frist'; did you mean 'first'?", bad},
           Wrong{{"first[0:8] copies 2"}, "Parts of a layer exist only behind", bad},
           Wrong{{"relu copies 2"}, "'relu' owns no resources here", bad},
           Wrong{{"first copies 3", "first units 2"},
                 "'first' owns 2 PEs, its 3 copies need 3: 1 too few",
                 no},
           Wrong{{"first copies 2", "first first_unit 5"},
                 "'first' owns 2 PEs from number 5 on, the chip has 6",
                 no},
           Wrong{{"first copies 2", "first first_unit 0", "second first_unit 1"},
                 "operators 'first' and 'second' of segment 0 own the same resource",
                 no},
           Wrong{{"first segment 1"}, "written once: one segment", no},
           Wrong{{"first copies 6"}, "1 too few", no},
       }) {
    const Failure failure = failure_of([&] { run_tiled(wrong.placements); });
    EXPECT_EQ(failure.code, wrong.code) << failure.message;
    EXPECT_NE(failure.message.find(wrong.message), std::string::npos)
        << failure.message << "\nshould say: " << wrong.message;
  }
}

TEST(GivenPlacement, RefusesConsumersBeforeProducers) {
  const std::string chip = "sram-cim\"\npreset = \"compass-s\"";
  const Failure failure =
      failure_of([&] { run_text(recipe({"first segment 1"}, chip), kNetwork); });
  EXPECT_EQ(failure.code, ErrorCode::infeasible);
  EXPECT_NE(failure.message.find("'second' in segment 0 reads what 'first' makes in segment 1"),
            std::string::npos)
      << failure.message;
}

}  // namespace
}  // namespace imbrex::test
