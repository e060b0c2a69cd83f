// imbrex.search.optimal by the real command, interrupted: what was proved, found and bounded until
// then is stated and kept.
#include "command_fixture.hpp"
#include "spawned_command.hpp"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex::test {
namespace {

using nlohmann::json;

class InterruptedOptimal : public CommandFixture {
 protected:
  // A product that is proved at once, and two on four free levels that take far longer than anybody
  // waits.
  void SetUp() override {
    if (!kSignalsArriveAtOnce) {
      GTEST_SKIP() << kSignalsWait;
    }
    CommandFixture::SetUp();
    write("net.toml",
          "imbrex_workload = 1\n"
          "input = { few = { shape = [4, 4] }, many = { shape = [512, 768] } }\n"
          "[network]\nlayers = [\n"
          "  { op = 'dense', units = 4, input = 'few', name = 'small' },\n"
          "  { op = 'dense', units = 3072, input = 'many', name = 'large' },\n"
          "  { op = 'dense', units = 768, name = 'later' },\n]\n");
  }

  // Sends SIGINT once the search runs: how long a loaded machine takes to get there nobody knows,
  // so the wait doubles until there is a result.
  void interrupt(const std::string& search, const std::string& threads, bool is_begun(const json&),
                 const std::string& cost = "") const {
    write("recipe.toml",
          "imbrex = 1\nname = 'large'\nobjective = 'energy'\n"
          "[workload]\nuse = 'imbrex.workload.toml'\nfile = 'net.toml'\n"
          "[architecture]\nuse = 'imbrex.architecture.pe-array'\nrows = 4\ncolumns = 256\n"
          "level_names = ['memory', 'buffer', 'slice', 'registers']\n"
          "level_words = [0, 524288, 16384, 256]\nlevel_per = ['chip', 'chip', 'row', 'PE']\n"
          "level_read_words_per_cycle = [16, 0, 0, 3]\n"
          "level_write_words_per_cycle = [16, 0, 0, 3]\n"
          "level_energy_pj_per_word = [200, 12, 3, 1]\nmac_energy_pj = 1\n"
          "[cost]\nuse = 'imbrex.cost.loop-nest'\n" +
              cost + "[[stage]]\nuse = 'imbrex.partition.one-per-segment'\n" + search +
              "[[stage]]\nuse = 'imbrex.overlap.layer-by-layer'\n");
    for (int wait = 1; wait <= 16; wait *= 2) {
      std::filesystem::remove_all(folder() / "r");
      SpawnedCommand command(
          folder(),
          {IMBREX_COMMAND, "run", "recipe.toml", "--quiet", "--out", "r", "--threads", threads},
          {});
      std::this_thread::sleep_for(std::chrono::seconds(wait));
      command.send(SIGINT);
      ASSERT_EQ(command.exit_code(), 130) << read(folder() / ".stderr");
      if (std::filesystem::exists(folder() / "r") && is_begun(facts())) {
        return;
      }
    }
    FAIL() << "the search never began: " << read(folder() / ".stderr");
  }

  json result() const { return json::parse(read(folder() / "r" / "result.json")); }
  // Of the last search; null if it did not get that far.
  json facts() const {
    const json all = result();
    for (const json& stage : all["stages"]) {
      if (stage["use"] == "imbrex.search.optimal") {
        return stage["statistics"];
      }
    }
    return nullptr;
  }
  static bool has_found_something(const json& facts) {
    return facts.contains("leaves") && facts["leaves"].get<int>() > 1;
  }
  static bool has_states(const json& facts) {
    return facts.contains("states") && facts["states"].get<int>() > 0;
  }
  // The part of the certificate that begins so.
  std::string line(const std::string& name) const {
    const std::string all = facts()["certificate"];
    const std::size_t at = all.find(name + ": ");
    return at == std::string::npos ? "" : all.substr(at, all.find(" | ", at) - at);
  }
  static double number(const std::string& text, const std::string& word) {
    return std::stod(text.substr(text.find(word + " ") + word.size() + 1));
  }
  std::string mapping_of(const std::string& name) const {
    const json all = result();
    for (const json& layer : all["operators"]) {
      if (layer["name"] == name) {
        return layer["mapping"];
      }
    }
    return "";
  }
};

TEST_F(InterruptedOptimal, KeepsTheBestMappingAndTheBound) {
  ASSERT_NO_FATAL_FAILURE(
      interrupt("[[stage]]\nuse = 'imbrex.search.optimal'\n", "1", has_found_something));
  EXPECT_EQ(result()["partial"], true);
  EXPECT_EQ(facts()["proved"], 1);
  EXPECT_NE(line("small").find(": proved; "), std::string::npos) << line("small");
  const std::string large = line("large");
  EXPECT_NE(large.find(": not proved, interrupted; "), std::string::npos) << large;
  // No word leaves the memory less than once: the operands and the result, and a pJ per MAC.
  const double least = 200. * (512 * 768 + 768 * 3072 + 512 * 3072) + 512. * 768 * 3072;
  EXPECT_GT(number(large, "bound"), least);
  EXPECT_LT(number(large, "bound"), number(large, "objective"));
  EXPECT_EQ(mapping_of("large"), "chosen");
  // Of what nobody has looked at nothing is known, and no sum is stated.
  EXPECT_NE(line("later").find(": not proved, interrupted; objective none, "), std::string::npos);
  EXPECT_EQ(mapping_of("later"), "canonical");
  EXPECT_FALSE(facts().contains("found"));
  EXPECT_GE(facts()["bound"].get<double>(), number(large, "bound"));
}

// Layers side by side: each has what was found of it.
TEST_F(InterruptedOptimal, KeepsThatOfAllLayersThatWereBegun) {
  ASSERT_NO_FATAL_FAILURE(interrupt("[[stage]]\nuse = 'imbrex.search.optimal'\n", "2",
                                    [](const json& facts) { return facts.contains("found"); }));
  for (const std::string name : {"large", "later"}) {
    EXPECT_NE(line(name).find(": not proved, interrupted; "), std::string::npos) << line(name);
    EXPECT_EQ(mapping_of(name), "chosen");
  }
  EXPECT_LT(facts()["bound"].get<double>(), facts()["found"].get<double>());
}

// What another search has found is kept where it is better than what was found until then, and left
// alone by a judge.
TEST_F(InterruptedOptimal, KeepsTheDesignThatCameIn) {
  for (const std::string keep : {"false", "true"}) {
    ASSERT_NO_FATAL_FAILURE(
        interrupt("[[stage]]\nuse = 'imbrex.search.random'\nsamples = 20\n"
                  "[[stage]]\nuse = 'imbrex.search.optimal'\nkeep_design = " +
                      keep + "\n",
                  "1", has_states));
    EXPECT_EQ(result()["partial"], true);
    for (const std::string name : {"large", "later"}) {
      EXPECT_EQ(mapping_of(name), "chosen") << keep;
    }
    const double start = facts()["start"].get<double>();
    EXPECT_LE(facts()["found"].get<double>(), start);
    EXPECT_GE(start, facts()["bound"].get<double>());
    if (keep == "true") {
      EXPECT_NEAR(result()["metrics"]["energy_pj"].get<double>(), start, 1e-9 * start);
    } else {
      EXPECT_NEAR(result()["metrics"]["energy_pj"].get<double>(), facts()["found"].get<double>(),
                  1e-9 * start);
    }
  }
}

// Spaces that are looked at mapping by mapping end with what was seen, too.
TEST_F(InterruptedOptimal, EnumerationsAreNotProofs) {
  ASSERT_NO_FATAL_FAILURE(interrupt(
      "[[stage]]\nuse = 'imbrex.search.optimal'\nenumerate = 1000000000000000\n", "1",
      [](const json& facts) { return facts.contains("leaves") && facts["leaves"].get<int>() > 0; },
      "link_transfers = true\n"));
  EXPECT_LE(facts()["proved"], 1);
  EXPECT_NE(line("large").find(": not proved, interrupted; "), std::string::npos) << line("large");
}

}  // namespace
}  // namespace imbrex::test
