// Recipes of configs/silicon against what was measured on the chips. Calibrated: for Eyeriss the
// port of its buffer (4 + 4 words per cycle), the third layer's mapping where its traffic is
// compared, and the channels that VGG-16 takes between two visits to the buffer; for the CIM chip
// the cycles of a matrix-vector product. Everything else follows from the published sizes and
// mappings.
#include "command_fixture.hpp"

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace imbrex {
namespace {

using Json = nlohmann::json;

constexpr double kPsPerMs = 1e9;
constexpr double kBytesPerWord = 2;
constexpr std::int64_t kCyclePs = 5000;  // 200 MHz

// A line of a table, its cells by the names of the columns. No cell of these tables is quoted.
using Row = std::map<std::string, std::string>;

std::vector<std::string> cells_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> cells;
  for (std::string cell; std::getline(stream, cell, ',');) {
    cells.push_back(cell.substr(0, cell.find('\r')));
  }
  return cells;
}

std::vector<Row> rows_of(const std::string& name) {
  std::ifstream file(IMBREX_ORACLES_DIR "/silicon/" + name);
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> names = cells_of(line);
  std::vector<Row> rows;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = cells_of(line);
    Row row;
    for (std::size_t i = 0; i < names.size(); ++i) {
      row[names[i]] = cells.at(i);
    }
    rows.push_back(row);
  }
  return rows;
}

// The layers of a network on Eyeriss, then their total.
std::vector<Row> eyeriss_rows(const std::string& network) {
  std::vector<Row> rows = rows_of("eyeriss.csv");
  std::erase_if(rows, [&](const Row& row) { return row.at("network") != network; });
  return rows;
}

struct Layer {
  std::int64_t time_ps = 0;
  // At the buffer: inputs that go to the elements, partial sums in both directions.
  double input_words = 0;
  double partial_sum_words = 0;
  double buffer_mb() const { return (input_words + partial_sum_words) * kBytesPerWord / 1e6; }
};

class Silicon : public test::CommandFixture {
 protected:
  Json run(const std::string& recipe, const std::string& words = "") const {
    const auto result = imbrex("run '" IMBREX_SOURCE_DIR "/configs/silicon/" + recipe +
                               ".toml' --quiet --force --out r " + words);
    EXPECT_EQ(result.code, 0) << result.err;
    return result.code == 0 ? Json::parse(read(folder() / "r" / "result.json")) : Json();
  }

  // Layers with multiply-accumulates; one has the array to itself, its segment's time is its own.
  std::vector<Layer> layers(const std::string& recipe, const std::string& words = "") const {
    const Json result = run(recipe, words);
    std::map<std::string, std::int64_t> times;
    for (const Json& segment : result.at("segments")) {
      for (const Json& name : segment.at("operators")) {
        times[name] =
            segment.at("end_ps").get<std::int64_t>() - segment.at("start_ps").get<std::int64_t>();
      }
    }
    std::vector<Layer> found;
    for (const Json& op : result.at("operators")) {
      if (op.contains("accesses")) {
        found.push_back(layer_of(op, times.at(op.at("name"))));
      }
    }
    return found;
  }

 private:
  static Layer layer_of(const Json& op, std::int64_t time_ps) {
    Layer layer{time_ps, 0, 0};
    EXPECT_LE(op.at("mac_utilisation").get<double>(), 1 + 1e-9) << op.at("name");
    for (const Json& access : op.at("accesses")) {
      if (access.at("level") != "shared_glb") {
        continue;
      }
      EXPECT_EQ(access.at("word_bits"), 16);
      if (access.at("tensor") == "inputs") {
        layer.input_words = access.at("read_words");
      } else {
        layer.partial_sum_words =
            access.at("read_words").get<double>() + access.at("written_words").get<double>();
      }
    }
    return layer;
  }
};

double total_ms(const std::vector<Layer>& layers) {
  double total = 0;
  for (const Layer& layer : layers) {
    total += static_cast<double>(layer.time_ps) / kPsPerMs;
  }
  return total;
}

void expect_between(double low, double ratio, double high, const std::string& what) {
  EXPECT_GE(ratio, low) << what;
  EXPECT_LE(ratio, high) << what;
}

TEST_F(Silicon, AlexNetTakesWhatEyerissTakes) {
  const std::vector<Row> rows = eyeriss_rows("alexnet");
  const std::vector<Layer> found = layers("eyeriss-alexnet");
  ASSERT_EQ(rows.size(), 6u);
  ASSERT_EQ(found.size(), 5u);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double ms = static_cast<double>(found[i].time_ps) / kPsPerMs;
    expect_between(0.80, ms / std::stod(rows[i].at("processing_ms")), 1.05, rows[i].at("layer"));
  }
  expect_between(0.80, total_ms(found) / std::stod(rows[5].at("processing_ms")), 1.05, "total");
}

// Steps of an element: output rows, strips of columns, filter rows, channels and filters of an
// element and of all its turns, groups, samples.
TEST_F(Silicon, AlexNetTakesTheCyclesOfItsPublishedMapping) {
  const std::vector<Layer> found = layers("eyeriss-alexnet");
  ASSERT_EQ(found.size(), 5u);
  EXPECT_EQ(found[0].time_ps, 55 * 8 * 11 * 3 * (16 * 3) * 1 * 4 * kCyclePs);
  EXPECT_EQ(found[1].time_ps, 27 * 1 * 5 * 48 * 128 * 2 * 4 * kCyclePs);
  EXPECT_EQ(found[3].time_ps, 13 * 1 * 3 * 96 * 96 * 2 * 4 * kCyclePs);
  EXPECT_EQ(found[4].time_ps, 13 * 1 * 3 * 96 * 64 * 2 * 4 * kCyclePs);
  // The third waits for the buffer, which reads 4 words per cycle: all partial sums in 64 steps of
  // channels, and the 13 x 13 inputs (no padding) once for each of 6 times 64 filters.
  const std::int64_t read_words = 64 * (13 * 13 * 384 * 4) + 6 * (13 * 13 * 256 * 4);
  EXPECT_EQ(found[2].time_ps, read_words / 4 * kCyclePs);
}

// Partial sums pass twice per step of channels. Of the first layer's 227 columns, seven strips of 7
// outputs need 6 * 4 + 11 = 35, the last one of 6 needs 31.
TEST_F(Silicon, AlexNetMovesTheWordsOfItsPublishedMapping) {
  const std::vector<Layer> found = layers("eyeriss-alexnet");
  ASSERT_EQ(found.size(), 5u);
  EXPECT_EQ(found[0].partial_sum_words, 2 * 3 * (55 * 55 * 96 * 4));
  EXPECT_EQ(found[0].input_words, 3 * (227 * (7 * 35 + 31) * 3 * 4));
  EXPECT_EQ(found[1].partial_sum_words, 2 * 24 * (27 * 27 * 256 * 4));
  EXPECT_EQ(found[1].input_words, 8 * (27 * 27 * 96 * 4));
  EXPECT_EQ(found[3].partial_sum_words, 2 * 32 * (13 * 13 * 384 * 4));
  EXPECT_EQ(found[3].input_words, 6 * (13 * 13 * 384 * 4));
  EXPECT_EQ(found[4].partial_sum_words, 2 * 32 * (13 * 13 * 256 * 4));
  EXPECT_EQ(found[4].input_words, 4 * (13 * 13 * 384 * 4));
}

// With the third layer's mapping as its traffic has it: the published one would write 33.2 MB of
// partial sums and read as much, where 50.2 MB in all were measured.
TEST_F(Silicon, AlexNetLoadsTheBufferAsEyerissDoes) {
  const std::vector<Row> rows = eyeriss_rows("alexnet");
  std::vector<Layer> found = layers("eyeriss-alexnet");
  const std::vector<Layer> by_traffic = layers("eyeriss-alexnet-conv3");
  ASSERT_EQ(found.size(), 5u);
  ASSERT_EQ(by_traffic.size(), 5u);
  found[2] = by_traffic[2];
  for (std::size_t i = 0; i < found.size(); ++i) {
    expect_between(0.75, found[i].buffer_mb() / std::stod(rows[i].at("buffer_mb")), 1.25,
                   rows[i].at("layer"));
  }
  const double ms = static_cast<double>(found[2].time_ps) / kPsPerMs;
  expect_between(0.80, ms / std::stod(rows[2].at("processing_ms")), 1.05, "conv3 by its traffic");
}

TEST_F(Silicon, Vgg16TakesAndMovesWhatEyerissDoes) {
  const std::vector<Row> rows = eyeriss_rows("vgg16");
  const std::vector<Layer> found = layers("eyeriss-vgg16", "--set stage.2.samples=5000");
  ASSERT_EQ(rows.size(), 14u);
  ASSERT_EQ(found.size(), 13u);
  expect_between(0.95, total_ms(found) / std::stod(rows[13].at("processing_ms")), 1.05, "total");
  for (std::size_t i = 0; i < found.size(); ++i) {
    expect_between(0.75, found[i].buffer_mb() / std::stod(rows[i].at("buffer_mb")), 1.25,
                   rows[i].at("layer"));
  }
}

// 1152 rows hold 256 channels or 64 * 9 taps, 256 columns 32 weights of 8 bits. In time, the last
// layer's first pixel waits for 58 pixels at either 3 x 3 window (a row and two) and one at either
// 1 x 1: 3136 + 118 products of 20.4 cycles, where 66302 cycles were measured.
TEST_F(Silicon, FiveLayersTakeTheUnitsOfTheCimChip) {
  for (const char* const partitioner : {"weight-duplication", "greedy", "optimal"}) {
    const Json result =
        run("jia2021", std::string("--set stage.1.use=imbrex.partition.") + partitioner);
    const std::vector<Row> rows = rows_of("jia2021.csv");
    ASSERT_EQ(result.at("operators").size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(result["operators"][i]["units"], std::stoi(rows[i].at("units"))) << partitioner;
    }
    EXPECT_EQ(result.at("metrics").at("latency_ps"), (3136 + 118) * 20400) << partitioner;
  }
}

}  // namespace
}  // namespace imbrex
