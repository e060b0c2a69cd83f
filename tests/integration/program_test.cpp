// imbrex.report.program: the text is replayed, instruction by instruction, against the rules of
// execution (specification compass section 8) and the result that it belongs to.
#include "command_fixture.hpp"

#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

struct Line {
  std::int64_t core = 0;
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::string instruction;
  std::string op;
  std::int64_t segment = 0;
  std::int64_t copy = 0;
  std::int64_t first = 0;  // crossbar
  std::int64_t last = 0;
  std::int64_t value = 0;  // bits, or the job
};

class Program : public test::CommandFixture {
 protected:
  void run(const std::string& network, const std::string& workload, const std::string& architecture,
           const std::vector<std::string>& stages) {
    std::string text =
        "imbrex = 1\n[workload]\nuse = \"imbrex.workload.toml\"\nfile = \"" IMBREX_SOURCE_DIR
        "/configs/workloads/" +
        network + ".toml\"\n" + workload + "\n[architecture]\n" + architecture +
        "\n[cost]\nuse = \"imbrex.cost.crossbar\"\n";
    for (const std::string& stage : stages) {
      text += "[[stage]]\nuse = \"imbrex." + stage + "\"\n";
    }
    write("recipe.toml", text + "[[report]]\nuse = \"imbrex.report.program\"\n");
    const auto result = imbrex("run recipe.toml --quiet --out r");
    ASSERT_EQ(result.code, 0) << result.err;
    json_ = nlohmann::json::parse(read(folder() / "r" / "result.json"));
    parse(read(folder() / "r" / "program.txt"));
    ASSERT_FALSE(lines_.empty());
  }

  void parse(const std::string& text) {
    std::istringstream in(text);
    std::int64_t core = -1;
    for (std::string row; std::getline(in, row);) {
      std::istringstream words(row);
      if (row[0] == '#') {
        continue;
      }
      if (row.rfind("core ", 0) == 0) {
        const std::int64_t next = std::stoll(row.substr(5));
        EXPECT_GT(next, core);
        core = next;
        continue;
      }
      Line line;
      line.core = core;
      std::string segment, copy, crossbars, value;
      words >> line.start >> line.end >> line.instruction >> line.op >> segment >> copy >>
          crossbars >> value;
      line.segment = std::stoll(segment.substr(8));
      line.copy = std::stoll(copy.substr(5));
      line.first = std::stoll(crossbars.substr(10));
      line.last = std::stoll(crossbars.substr(crossbars.find("..") + 2));
      line.value = std::stoll(value.substr(value.find('=') + 1));
      lines_.push_back(line);
    }
  }

  // Every instruction of a kind once, whatever cores take part.
  std::int64_t bits(const std::string& instruction, std::int64_t segment) const {
    std::map<std::string, std::int64_t> of_operator;
    for (const Line& line : lines_) {
      if (line.instruction == instruction && line.segment == segment) {
        of_operator[line.op] = line.value;
      }
    }
    std::int64_t sum = 0;
    for (const auto& [op, one] : of_operator) {
      sum += one;
    }
    return sum;
  }

  void expect_ends_with_the_timeline() const {
    std::int64_t end = 0;
    for (const Line& line : lines_) {
      EXPECT_LE(0, line.start);
      EXPECT_LE(line.start, line.end);
      end = std::max(end, line.end);
    }
    EXPECT_EQ(end, json_["metrics"]["latency_ps"].get<std::int64_t>());
  }

  // A crossbar holds what was written last, and computes only with that, one product at a time.
  void expect_crossbars_compute_what_they_hold() const {
    using Holder = std::tuple<std::int64_t, std::string, std::int64_t>;  // segment, operator, copy
    std::map<std::int64_t, Holder> holder;
    std::map<std::int64_t, std::int64_t> busy_until;
    for (const Line& line : lines_) {  // by core, then start
      if (line.instruction != "WRITE-WEIGHT" && line.instruction != "MVMUL") {
        continue;
      }
      const Holder who{line.segment, line.op, line.copy};
      for (std::int64_t crossbar = line.first; crossbar < line.last; ++crossbar) {
        ASSERT_GE(line.start, busy_until[crossbar]) << line.op << " crossbar " << crossbar;
        busy_until[crossbar] = line.end;
        if (line.instruction == "WRITE-WEIGHT") {
          ASSERT_TRUE(holder.count(crossbar) == 0 || std::get<0>(holder[crossbar]) < line.segment);
          holder[crossbar] = who;
        } else {
          ASSERT_EQ(holder[crossbar], who) << "crossbar " << crossbar;
        }
      }
    }
  }

  // Loads of a segment after every store of the segment before; weights only into idle cores;
  // products after the segment's data is there, stores after its products.
  void expect_order() const {
    std::map<std::int64_t, std::map<std::string, std::pair<std::int64_t, std::int64_t>>> span;
    for (const Line& line : lines_) {
      auto [at, fresh] = span[line.segment].try_emplace(line.instruction, line.start, line.end);
      at->second.first = std::min(at->second.first, line.start);
      at->second.second = std::max(at->second.second, line.end);
    }
    std::int64_t before = 0;
    for (auto& [segment, kinds] : span) {
      std::int64_t at = before;
      for (const char* kind :
           {"LOAD-WEIGHT", "WRITE-WEIGHT", "LOAD-DATA", "RECV-DATA", "MVMUL", "STORE-DATA"}) {
        if (kinds.count(kind) > 0) {
          EXPECT_GE(kinds[kind].first, at) << kind << " of segment " << segment;
          at = kinds[kind].second;
        }
      }
      before = at;
    }
  }

  void expect_volumes() const {
    for (const auto& segment : json_["segments"]) {
      const auto number = segment["segment"].get<std::int64_t>();
      EXPECT_EQ(bits("LOAD-WEIGHT", number), segment["weight_bits"]);
      EXPECT_EQ(bits("WRITE-WEIGHT", number), segment["weight_bits"]);
      EXPECT_EQ(bits("LOAD-DATA", number), segment["load_bits"]);
      EXPECT_EQ(bits("STORE-DATA", number), segment["store_bits"]);
    }
  }

  void expect_all_jobs() const {
    std::map<std::string, std::set<std::pair<std::int64_t, std::int64_t>>> jobs;
    for (const Line& line : lines_) {
      if (line.instruction == "MVMUL") {
        jobs[line.op].insert({line.copy, line.value});
      }
    }
    for (const auto& op : json_["operators"]) {
      EXPECT_EQ(static_cast<std::int64_t>(jobs[op["name"]].size()), op["jobs"]) << op["name"];
    }
  }

  void expect_valid() const {
    expect_ends_with_the_timeline();
    expect_crossbars_compute_what_they_hold();
    expect_order();
    expect_volumes();
    expect_all_jobs();
  }

  nlohmann::json json_;
  std::vector<Line> lines_;
};

TEST_F(Program, OfSegmentsWithCopiesReplays) {
  run("resnet18-full", "bits = 4\nbatch = 2\n",
      "use = \"imbrex.architecture.sram-cim\"\npreset = \"compass-s\"\n",
      {"partition.compass", "partition.weight-duplication", "overlap.clsa-cim"});
  ASSERT_GE(json_["segments"].size(), 6u);
  expect_valid();
}

TEST_F(Program, OfSplitLayersReplays) {
  run("vgg16-full", "bits = 4\n",
      "use = \"imbrex.architecture.sram-cim\"\npreset = \"compass-m\"\n",
      {"partition.optimal", "overlap.fast-overlapim"});
  ASSERT_GE(json_["segments"].size(), 41u);
  expect_valid();
}

TEST_F(Program, OfANetworkThatIsResidentReplays) {
  run("squeezenet1.1", "bits = 4\n",
      "use = \"imbrex.architecture.sram-cim\"\npreset = \"compass-l\"\n",
      {"partition.greedy", "overlap.layer-by-layer"});
  ASSERT_EQ(json_["segments"].size(), 1u);
  expect_valid();
}

TEST_F(Program, OfFreeReplacementReplays) {
  run("tinyyolov4", "", "use = \"imbrex.architecture.tiled-cim\"\nextra_pes = 16\n",
      {"partition.weight-duplication", "overlap.clsa-cim"});
  expect_ends_with_the_timeline();
  expect_crossbars_compute_what_they_hold();
  expect_all_jobs();
}

TEST_F(Program, IsRefusedWithoutCrossbars) {
  write("recipe.toml",
        "imbrex = 1\n[workload]\nuse = \"imbrex.workload.toml\"\nfile = \"" IMBREX_SOURCE_DIR
        "/configs/workloads/resnet18.toml\"\n[architecture]\nuse = "
        "\"imbrex.architecture.dram-pim\"\n[cost]\nuse = \"imbrex.cost.bit-serial\"\n"
        "[[stage]]\nuse = \"imbrex.overlap.layer-by-layer\"\n[[report]]\nuse = "
        "\"imbrex.report.program\"\n");
  const auto result = imbrex("run recipe.toml --quiet --out r");
  EXPECT_EQ(result.code, 2);
  EXPECT_FALSE(std::filesystem::exists(folder() / "r"));
}

}  // namespace
}  // namespace imbrex
