// [search] of an experiment, by the real command: 96 chips of which 64 runs at most are asked for.
#include "spawned_command.hpp"
#include "sweep_fixture.hpp"

#include <chrono>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAxes =
    "[[axis]]\nkey = 'architecture.extra_pes'\nvalues = '0..7'\n"
    "[[axis]]\nkey = 'architecture.rows'\nvalues = '128..384:128'\n"
    "[[axis]]\nname = 'device'\nkey = 'architecture.mvm_latency_ns'\n"
    "values = [700, 1000, 1400, 2000]\n"
    "[[axis]]\nkey = 'architecture.mvm_energy_pj'\nvalues = [400, 250, 150, 100]\n";

class Search : public SweepCommand {
 protected:
  void write_search(const std::string& rest) const {
    write_experiment("zip = ['device', 'mvm_energy_pj']\n[search]\npopulation = 8\n" + rest +
                     kAxes);
  }
  void write_search() const {
    write_search("generations = 8\nobjectives = ['latency_ps', 'energy_pj']\n");
  }

  using Costs = std::pair<double, double>;
  struct Points {
    std::vector<Costs> all;
    std::set<Costs> marked;  // as on the front
  };
  // As the long table says: point,...,state,quantity,unit,value.
  Points points_of(const std::string& out) const {
    std::map<int, std::map<std::string, double>> points;
    std::istringstream lines(text(out + "/points.csv"));
    for (std::string line; std::getline(lines, line);) {
      std::vector<std::string> fields;
      std::istringstream of_line(line);
      for (std::string field; std::getline(of_line, field, ',');) {
        fields.push_back(field);
      }
      const std::string& quantity = fields[6];
      if (quantity == "latency_ps" || quantity == "energy_pj" || quantity == "on_front") {
        points[std::stoi(fields[0])][quantity] = std::stod(fields[8]);
      }
    }
    Points read;
    for (auto& [number, point] : points) {
      read.all.emplace_back(point.at("latency_ps"), point.at("energy_pj"));
      if (point.at("on_front") == 1) {
        read.marked.insert(read.all.back());
      }
    }
    return read;
  }
  static std::set<Costs> unbeaten(const std::vector<Costs>& all) {
    std::set<Costs> front;
    for (const Costs& one : all) {
      bool beaten = false;
      for (const Costs& by : all) {
        beaten = beaten || (by.first <= one.first && by.second <= one.second && by != one);
      }
      if (!beaten) {
        front.insert(one);
      }
    }
    return front;
  }
};

TEST_F(Search, FindsTheFrontThatAllPointsHave) {
  write_search();
  const CommandResult found = imbrex("sweep e.toml --out found");
  ASSERT_EQ(found.code, 0) << found.err;
  EXPECT_EQ(found.err.substr(0, found.err.find('\n')),
            "imbrex: NSGA-II: 8 generations of 8 runs at most, of 96 points");
  EXPECT_NE(
      found.out.find(" of 96 points, by NSGA-II in 8 generations of 8 (seed 1)\n\nextra_pes  "),
      std::string::npos)
      << found.out;
  const Points some = points_of("found");
  EXPECT_LT(some.all.size(), 65U);
  EXPECT_EQ(some.marked, unbeaten(some.all));

  write_search("method = 'exhaustive'\nobjectives = ['latency_ps', 'energy_pj']\n");
  const CommandResult every = imbrex("sweep e.toml --out found");  // keeps what is there
  ASSERT_EQ(every.code, 0) << every.err;
  EXPECT_EQ(every.out.substr(0, every.out.find('\n')), "Pareto front: exact, of all 96 points");
  const Points all = points_of("found");
  EXPECT_EQ(all.all.size(), 96U);
  EXPECT_EQ(all.marked, unbeaten(all.all));
  EXPECT_GT(all.marked.size(), 3U);
  EXPECT_EQ(some.marked, all.marked);
  EXPECT_EQ(imbrex("sweep found --collect").out, every.out) << "as a cluster would print it";
}

TEST_F(Search, GivesTheSameBytesWithAnyNumberOfWorkersAndFromItsFolder) {
  write_search();
  for (const char* const workers : {"1", "2", "4"}) {
    const CommandResult result =
        imbrex(std::string("sweep e.toml --format md --out x") + workers + " -j" + workers);
    ASSERT_EQ(result.code, 0) << result.err;
    for (const char* const name :
         {"points.csv", "experiment.json", "experiment.html", "tables.md", "frozen.json"}) {
      EXPECT_EQ(text(std::string("x") + workers + "/" + name), text(std::string("x1/") + name));
    }
    EXPECT_EQ(imbrex(std::string("sweep x1 --format md")).out, result.out);
  }
}

TEST_F(Search, KilledAtAnyMomentItGoesOnWhereItWas) {
  write_search();
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(imbrex("sweep e.toml --out whole --quiet -j2").code, 0);
  const auto duration = std::chrono::steady_clock::now() - start;
  std::mt19937 random(3);
  decltype(points("x")) kept;
  for (int round = 0; round < 8; ++round) {
    SpawnedCommand command(folder(),
                           {IMBREX_COMMAND, "sweep", "e.toml", "--quiet", "-j2", "--out", "x"}, {});
    std::this_thread::sleep_for(duration * (random() % 1000) / 2500);
    command.send(SIGKILL);
    command.exit_code();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // its workers die with it
    if (fs::exists(folder() / "x" / "points")) {
      const auto now = points("x");
      for (const auto& [name, state] : kept) {
        EXPECT_EQ(now.count(name), 1U) << "lost";
        EXPECT_EQ(now.at(name), state) << "a finished point ran again";
      }
      kept = now;
    }
  }
  EXPECT_GT(kept.size(), 0U);
  ASSERT_EQ(imbrex("sweep e.toml --out x --quiet -j2").code, 0);
  const auto last = points("x");
  for (const auto& [name, state] : kept) {
    EXPECT_EQ(last.at(name), state) << "a finished point ran again";
  }
  EXPECT_EQ(last.size(), points("whole").size()) << "a search that asks for other points";
  EXPECT_EQ(text("x/points.csv"), text("whole/points.csv"));
  EXPECT_EQ(text("x/tables.md"), text("whole/tables.md"));
}

TEST_F(Search, IsRefusedBeforeItRunsForNothing) {
  const auto refused = [&](const std::string& search, const std::string& words,
                           const std::string& message) {
    write_search(search);
    const CommandResult result = imbrex("sweep e.toml --quiet --out x " + words);
    EXPECT_EQ(result.code, 2) << result.err;
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err.substr(0, result.err.find('\n')), message);
  };
  const std::string objectives = "objectives = ['latency_ps', 'energy_pj']\n";
  refused("generations = 3\nobjectives = ['latency_ps', 'enrgy_pj']\n", "",
          "e.toml:7:14: error: no point has 'enrgy_pj'; did you mean 'energy_pj'?");
  EXPECT_EQ(points("x").size(), 8U) << "one generation, which is kept";
  fs::remove_all(folder() / "x");
  for (const char* const engine : {"--engine commands", "--chunk 1/2", "--collect"}) {
    refused("generations = 3\n" + objectives, engine,
            "imbrex: error: NSGA-II asks for runs by the results of others, so this search cannot "
            "be cut into parts: leave --engine, --chunk and --collect out, or run every point: "
            "method = \"exhaustive\"");
  }
  refused(
      "generations = 3\n" + objectives + "[[axis]]\nkey = 'architecture.cols'\nvalues = [256, 0]\n",
      "",
      "e.toml:10:16: error: axis 'cols', value '0': 'cols' = 0 is outside [1, 1048576] (unit: "
      "column)");
  EXPECT_FALSE(fs::exists(folder() / "x"));
}

TEST_F(Search, SaysWhatItWouldDo) {
  write_search();
  const CommandResult result = imbrex("sweep e.toml --dry-run --out x");
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.out, "NSGA-II: 8 generations of 8 runs at most, of 96 points\n");
  EXPECT_FALSE(fs::exists(folder() / "x"));
}

TEST_F(Search, ADamagedFolderIsRefused) {
  write_search("generations = 2\nobjectives = ['latency_ps', 'energy_pj']\n");
  ASSERT_EQ(imbrex("sweep e.toml --quiet --out x").code, 0);
  const std::string frozen = text("x/frozen.json");
  const std::size_t search = frozen.find("\"search\"");
  ASSERT_NE(search, std::string::npos);
  for (const auto& [what, instead] : {std::pair<std::string, std::string>{"\"latency_ps\",", ""},
                                      {"    8,", "    99,"},
                                      {"    8,", "    -8,"},
                                      {"    8,", "    \"8\","},
                                      {"    8,", "    8, 9, 8,"}}) {
    std::string damaged = frozen;
    const std::size_t at = damaged.find(what, search);
    ASSERT_NE(at, std::string::npos) << what;
    write("x/frozen.json", damaged.replace(at, what.size(), instead));
    const CommandResult result = imbrex("sweep x");
    EXPECT_EQ(result.code, 2) << instead;
    EXPECT_NE(result.err.find("damaged"), std::string::npos) << result.err;
  }
}

// The block between these fences that comes first after `from`; moves `from` behind it.
std::string block(const std::string& page, const std::string& fence, std::size_t& from) {
  const std::size_t begin = page.find(fence, from) + fence.size();
  from = page.find("```\n", begin);
  const std::string found = page.substr(begin, from - begin);
  from += 4;
  return found;
}

TEST_F(Search, PrintsWhatThePageShows) {
  const std::string page = read(IMBREX_SOURCE_DIR "/sdk/docs/experiments.md");
  std::size_t at = page.find("### Search\n");
  ASSERT_NE(at, std::string::npos);
  std::string file = block(page, "```toml\n", at);
  const std::string path = "configs/recipes/";
  file.replace(file.find(path), path.size(), IMBREX_SOURCE_DIR "/" + path);
  write("e.toml", file);
  const CommandResult result = imbrex("sweep e.toml --out x");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, block(page, "```\n", at));
}

// Excluded chips are never run, and are no reason to stop.
TEST_F(Search, LeavesOutWhatIsExcluded) {
  write_experiment(
      "exclude = [{ rows = [128, 384] }, { extra_pes = [0, 1, 2] }]\n[search]\npopulation = 8\n"
      "generations = 3\nmethod = 'nsga2'\nobjectives = ['latency_ps', 'energy_pj']\n" +
      std::string(kAxes));
  const CommandResult result = imbrex("sweep e.toml --format csv --out x");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_NE(result.out.find(",256,"), std::string::npos);
  EXPECT_EQ(result.out.find(",128,"), std::string::npos);
  EXPECT_EQ(result.out.find(",384,"), std::string::npos);
  write_experiment(
      "exclude = [{ extra_pes = '0' }]\n[search]\npopulation = 8\ngenerations = 3\n"
      "method = 'nsga2'\nobjectives = ['latency_ps', 'energy_pj']\n"
      "[[axis]]\nkey = 'architecture.extra_pes'\nvalues = [0]\n"
      "[[axis]]\nkey = 'architecture.rows'\nvalues = [128, 256]\n");
  const CommandResult none = imbrex("sweep e.toml --quiet --out y");
  EXPECT_EQ(none.code, 2);
  EXPECT_EQ(none.err, "imbrex: error: every point that the search asked for is excluded\n");
}

}  // namespace
}  // namespace imbrex::test
