// External words of small networks, each counted once, by hand: operands of any width, operands
// from outside a segment, padding, tensors that wait between segments, movement at their borders.
#include "mapper_kit.hpp"

namespace imbrex::test {
namespace {

// q [8, 16] times k [16, 64]. In one tile every word moves once: 128, 1024 and 512. With K in two
// parts outside the rows of q, whose rows pass again for either part: 256 of q.
TEST(MapperWords, HaveTheWidthOfTheirOperand) {
  struct Widths {
    int q, k, result;
  };
  for (const Widths& bits : {Widths{8, 4, 8}, {4, 8, 8}, {16, 2, 32}, {8, 8, 4}, {1, 3, 5}}) {
    const std::string net =
        network({"q = { shape = [8, 16], bits = " + std::to_string(bits.q) + " }",
                 "k = { shape = [16, 64], bits = " + std::to_string(bits.k) + " }"},
                {"op = \"matmul\", input = [\"q\", \"k\"], bits = " + std::to_string(bits.result) +
                 ", name = \"m\""});
    const double once = (128 * bits.q + 1024 * bits.k + 512 * bits.result) / 8.0;
    MapperRecipe recipe;
    recipe.stages = given_nest({"m 1 t P 8", "m 1 t C 16", "m 1 t K 64"});
    EXPECT_DOUBLE_EQ(words(recipe, net), once);
    recipe.stages = given_nest({"m 0 t K 2", "m 0 t P 8", "m 1 t C 16", "m 1 t K 32"});
    EXPECT_DOUBLE_EQ(words(recipe, net), once + 16 * bits.q);
    recipe.cost = kSegments;
    recipe.stages = mapper_stage("partition.one-per-segment");
    EXPECT_DOUBLE_EQ(words(recipe, net), once);
  }
}

// 4 x 8 times 8 x 4 whole in the buffer: 32 weights, 32 inputs and 16 results, in bits.
TEST(MapperWords, TakeTheRoomOfTheirWidth) {
  struct Widths {
    int weight, input, result;
  };
  for (const Widths& bits : {Widths{4, 8, 16}, {2, 8, 32}, {8, 4, 4}, {1, 1, 1}}) {
    const std::string net =
        network({"x = { shape = [4, 8], bits = " + std::to_string(bits.input) + " }"},
                {"op = \"dense\", units = 4, weight_bits = " + std::to_string(bits.weight) +
                 ", bits = " + std::to_string(bits.result) + ", name = \"fc\""});
    const int all = 32 * bits.weight + 32 * bits.input + 16 * bits.result;
    const auto recipe = [&](int room) {
      MapperRecipe made;
      made.architecture =
          "rows = 1\ncolumns = 1\nmacs_per_pe = 1\nword_bits = 1\n"
          "level_names = [\"DRAM\", \"GLB\"]\nlevel_instances = [1, 1]\nlevel_words = [0, " +
          std::to_string(room) +
          "]\nlevel_read_words_per_cycle = [0, 0]\nlevel_write_words_per_cycle = [0, 0]\n"
          "level_energy_pj_per_word = [1, 0]\n";
      made.stages = given_nest({"fc 1 t P 4", "fc 1 t C 8", "fc 1 t K 4"});
      return made;
    };
    EXPECT_DOUBLE_EQ(words(recipe(all), net), all);
    const Failure failure = failure_of([&] { words(recipe(all - 1), net); });
    EXPECT_EQ(failure.code, ErrorCode::infeasible);
    EXPECT_NE(
        failure.message.find("it needs " + std::to_string(all) + " bits of a GLB, which has " +
                             std::to_string(all - 1) + ": 1 too few"),
        std::string::npos)
        << failure.message;
  }
}

struct Image {
  int side, kernel, stride, dilation, pad, rows;  // rows of the result
  int words;                                      // of the image that some window meets
};

// Weights, results, and what exists of the windows.
TEST(MapperWords, LeavePaddingOut) {
  for (const Image& one : {Image{7, 3, 1, 1, 1, 7, 49},
                           {1, 3, 1, 1, 1, 1, 1},
                           {5, 3, 1, 1, 1, 5, 25},
                           {3, 5, 1, 1, 2, 3, 9},
                           {6, 3, 2, 1, 1, 3, 36},
                           {8, 3, 1, 8, 8, 8, 64}}) {
    const auto text = [](int value) { return std::to_string(value); };
    const std::string net =
        network({image(1, one.side)},
                {"op = \"conv\", filters = 1, kernel = " + text(one.kernel) +
                 ", stride = " + text(one.stride) + ", dilation = " + text(one.dilation) +
                 ", pad = " + text(one.pad) + ", name = \"c\""});
    const int all = one.words + one.kernel * one.kernel + one.rows * one.rows;
    MapperRecipe recipe;
    recipe.stages = given_nest({"c 1 t P " + text(one.rows), "c 1 t Q " + text(one.rows),
                                "c 1 t R " + text(one.kernel), "c 1 t S " + text(one.kernel)});
    EXPECT_EQ(words(recipe, net), all) << one.side;
    recipe.cost = kSegments;
    recipe.stages = mapper_stage("partition.one-per-segment");
    EXPECT_EQ(words(recipe, net), all) << one.side;
  }
}

// 8 x 8 x 8 with so many words of buffer. A tile of K x P results that stays while C goes by needs
// K * P + K + P words, and weights pass 8 / P times, inputs 8 / K times, results once: 4 x 4 fit
// into 24 words, 8 x 4 into 44, all into 80. Steps are 512 in any order.
TEST(MapperWords, AreFewestAmongNestsThatFit) {
  struct Case {
    int room;
    double words;  // 0: one of each tensor does not fit
  };
  for (const Case& one :
       {Case{24, 128 + 128 + 64}, {40, 320}, {44, 128 + 64 + 64}, {80, 192}, {2, 0}}) {
    for (const char* search :
         {"search.exhaustive\"\nlimit = 10000000\n", "search.random\"\nsamples = 100000\n"}) {
      for (const char* scope : {"layers", "design"}) {
        MapperRecipe recipe;
        recipe.architecture.replace(recipe.architecture.find("[0, 0]"), 6,
                                    "[0, " + std::to_string(one.room) + "]");
        recipe.stages = mapper_stage("partition.one-per-segment") + "[[stage]]\nuse = \"imbrex." +
                        search + "scope = \"" + scope + "\"\n";
        recipe.head = "objective = \"energy\"\n";
        SCOPED_TRACE(std::string(search) + scope + std::to_string(one.room));
        double latency_ps = 0;
        double found = 0;
        const Failure failure = failure_of([&] {
          const run::RunOutcome outcome = run_text(text_of(recipe), product(8, 8, 8));
          latency_ps = number(outcome, "latency_ps");
          found = number(outcome, "energy_pj");
        });
        if (one.words == 0) {
          EXPECT_EQ(failure.code, ErrorCode::infeasible) << failure.message;
          continue;
        }
        EXPECT_EQ(failure.message, "");
        EXPECT_EQ(latency_ps, 512'000);
        const bool is_sure = std::string(search).starts_with("search.exhaustive");
        EXPECT_GE(found, one.words);
        EXPECT_LE(found, is_sure ? one.words : 1.25 * one.words);
      }
    }
  }
}

struct Chain {
  const char* what;
  std::string net;
  double together, apart;
};

// Together what is handed on stays; apart it is stored and read, and so is what comes in between.
TEST(MapperWords, FromOutsideASegmentAreRead) {
  const std::string cache = "op = \"matmul\", input = [\"q\", \"cache\"], name = \"scores\"";
  const std::string query = "op = \"dense\", units = 16, name = \"q\", input = \"x\"";
  const std::string x = "x = { shape = [1, 8, 16] }";
  const Chain chains[] = {
      // x 128, weights 256, cache 1024, scores 512; q is 128.
      {"cache", network({x, "cache = { shape = [1, 16, 64] }"}, {query, cache}), 1920, 2176},
      {"cache of 4 bits", network({x, "cache = { shape = [1, 16, 64], bits = 4 }"}, {query, cache}),
       1408, 1664},
      // 256 a tensor, 16 and 32 weights.
      {"concat",
       network({image(4, 8, "a"), image(4, 8, "b")},
               {pointwise("c1", "a"), "op = \"concat\", input = [\"c1\", \"b\"], name = \"cat\"",
                pointwise("c2")}),
       816, 528 + 800},
      // The input again: on the chip already, or one more of 256.
      {"input added",
       network({image(4, 8)},
               {pointwise("a", "x"), "op = \"add\", input = [\"a\", \"x\"]", pointwise("b")}),
       544, 528 + 784},
      // Somebody else's tensor added.
      {"other input added",
       network({image(4, 8, "x"), image(4, 8, "y")},
               {pointwise("a", "x"), "op = \"add\", input = [\"a\", \"y\"]", pointwise("b")}),
       800, 528 + 784},
  };
  for (const Chain& chain : chains) {
    MapperRecipe recipe{kElements, kSegments, segments_of_depth("greedy"), kPipelined, ""};
    EXPECT_EQ(words(recipe, chain.net), chain.together) << chain.what;
    recipe.stages = segments_of_depth("one");
    EXPECT_EQ(words(recipe, chain.net), chain.apart) << chain.what;
  }
}

// Layers one by one, 256 words a tensor, 16 weights a layer. Only what passes from one to the other
// may wait, if all of it may; what somebody outside wants is written in any case.
TEST(MapperWords, WaitOnTheChipBetweenLayersOnly) {
  const std::string both = "outputs = [\"c1\", \"c2\"]\n";
  const std::string chain = network({image(4, 8)}, {pointwise("c1"), pointwise("c2")});
  const std::string seen = network({image(4, 8)}, {pointwise("c1"), pointwise("c2")}, both);
  const std::string apart = network({image(4, 8, "a"), image(4, 8, "b")},
                                    {pointwise("c1", "a"), pointwise("c2", "b")}, both);
  const std::string shared =
      network({image(4, 8, "a")}, {pointwise("c1", "a"), pointwise("c2", "a")}, both);
  struct Case {
    std::string net;
    int retained;
    double words;
  };
  for (const Case& one : {Case{chain, 0, 1056},
                          {chain, 255, 1056},
                          {chain, 256, 544},
                          {seen, 0, 1056},
                          {seen, 256, 800},
                          {apart, 0, 1056},
                          {apart, 1000, 1056},
                          {shared, 1000, 1056}}) {
    MapperRecipe recipe{kElements, kSegments, mapper_stage("partition.one-per-segment"), kPipelined,
                        ""};
    recipe.architecture += "retained_words = " + std::to_string(one.retained) + "\n";
    EXPECT_EQ(words(recipe, one.net), one.words) << one.net << one.retained;
  }
}

// Two layers one by one with something between them that only moves data: what leaves the first is
// as narrow as on the way, what enters the second is read once.
TEST(MapperWords, CrossTheBorderAsNarrowAsTheyGet) {
  struct Case {
    const char* between;
    int side;
    double words;
  };
  for (const Case& one : {
           // 1024 in, pooled to 256, which the second layer reads.
           Case{"op = \"max_pool\", kernel = 2", 16, 1024 + 16 + 256 + 256 + 16 + 256},
           Case{"op = \"max_pool\", kernel = 3, stride = 2, pad = 1", 16, 1824},
           Case{"op = \"max_pool\", kernel = 4", 16, 1024 + 16 + 64 + 64 + 16 + 64},
           // 256 in, 256 out, read once, 1024 and 2304 made of them.
           Case{"op = \"upsample\", factor = 2", 8, 256 + 16 + 256 + 256 + 16 + 1024},
           Case{"op = \"upsample\", factor = 3", 8, 256 + 16 + 256 + 256 + 16 + 2304},
           Case{"op = \"activation\", type = \"relu\"", 8, 1056},
       }) {
    MapperRecipe recipe{kElements, kSegments, segments_of_depth("one"), kPipelined, ""};
    const std::string net =
        network({image(4, one.side)}, {pointwise("c1"), one.between, pointwise("c2")});
    EXPECT_EQ(words(recipe, net), one.words) << one.between;
  }
}

}  // namespace
}  // namespace imbrex::test
