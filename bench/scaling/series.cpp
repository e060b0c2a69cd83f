#include "series.hpp"

#include "networks.hpp"

#include <utility>

#include <fmt/format.h>

namespace imbrex::scaling {
namespace {

constexpr std::string_view kTiled = R"([architecture]
use = "imbrex.architecture.tiled-cim"
extra_pes = 0
[cost]
use = "imbrex.cost.crossbar"
)";
constexpr std::string_view kSram = R"([architecture]
use = "imbrex.architecture.sram-cim"
preset = "compass-l"
[cost]
use = "imbrex.cost.crossbar"
)";
constexpr std::string_view kArray = R"([architecture]
use = "imbrex.architecture.pe-array"
topology = "amp"
rows = 32
columns = 32
[cost]
use = "imbrex.cost.loop-nest"
memories = "segments"
imperfect = true
)";

// Which machine, and what is done on it.
struct Setting {
  std::string name;
  std::string extends;  // of configs/architectures; empty: `machine`
  std::string machine;  // sections of a recipe
  std::int64_t bits = 8;
  std::vector<std::string> stages;
  std::string more;  // further sections
};

std::string analyzer(std::string_view name, std::string_view parameters = "") {
  return fmt::format("use = \"imbrex.overlap.{}\"\n{}", name, parameters);
}

std::string recipe_text(const std::string& configs, const Setting& setting) {
  std::string text = "imbrex = 1\nname = \"scaling\"\nseed = 42\n";
  if (!setting.extends.empty()) {
    text += fmt::format("extends = \"{}/architectures/{}.toml\"\n", configs, setting.extends);
  }
  text += fmt::format(
      "[workload]\nuse = \"imbrex.workload.toml\"\nfile = \"workload.toml\"\nbits = {}\n{}",
      setting.bits, setting.machine);
  for (const std::string& stage : setting.stages) {
    text += "[[stage]]\n" + stage + "\n";
  }
  return text + setting.more;
}

using Network = std::string (*)(std::int64_t size);

Series series(const std::string& configs, Setting setting, std::string unit,
              std::vector<std::int64_t> sizes, std::function<std::string(std::int64_t)> network) {
  Series result;
  result.name = setting.name;
  result.unit = std::move(unit);
  result.sizes = std::move(sizes);
  const std::string recipe = recipe_text(configs, setting);
  result.files = [recipe, network = std::move(network)](std::int64_t size) {
    return Files{network(size), recipe};
  };
  return result;
}

// One of the repository's recipes with other parameters.
Series variant(const std::string& configs, std::string name, std::string unit,
               std::vector<std::int64_t> sizes, std::string recipe,
               std::function<std::string(std::int64_t)> changes) {
  Series result;
  result.name = std::move(name);
  result.unit = std::move(unit);
  result.sizes = std::move(sizes);
  result.files = [base = configs + "/recipes/" + recipe,
                  changes = std::move(changes)](std::int64_t size) {
    return Files{"", fmt::format("imbrex = 1\nextends = \"{}\"\nname = \"scaling\"\n{}", base,
                                 changes(size))};
  };
  return result;
}

const std::string kByRow = analyzer("clsa-cim", "granularity = \"row\"");
const std::string kRandom = "use = \"imbrex.search.random\"\nsamples = 20";

void add_layers(std::vector<Series>& all, const std::string& configs, bool long_ones) {
  const std::vector<std::int64_t> sizes = long_ones
                                              ? std::vector<std::int64_t>{100, 300, 1000, 3000}
                                              : std::vector<std::int64_t>{100, 300, 1000};
  const std::string machine(kTiled);
  const std::vector<Setting> settings = {
      {"residual layers, clsa-cim by row", "", machine, 8, {kByRow}, ""},
      {"residual layers, layer-by-layer", "", machine, 8, {analyzer("layer-by-layer")}, ""},
      {"residual layers, simulator", "", machine, 8, {analyzer("simulator")}, ""},
      {"residual layers, pairwise", "", machine, 8, {analyzer("pairwise")}, ""},
      {"residual layers, fast-overlapim", "", machine, 8, {analyzer("fast-overlapim")}, ""},
      {"residual layers, PipeOrgan",
       "",
       std::string(kArray),
       8,
       {"use = \"imbrex.partition.pipeorgan\"", analyzer("pipeorgan")},
       ""},
      {"residual layers, optimal segments",
       "",
       std::string(kSram),
       4,
       {"use = \"imbrex.partition.optimal\"", kByRow},
       ""},
      {"residual layers, random search",
       "eye168",
       "",
       16,
       {"use = \"imbrex.partition.one-per-segment\"", kRandom, analyzer("layer-by-layer")},
       ""}};
  for (const Setting& setting : settings) {
    all.push_back(series(configs, setting, "layers", sizes, residual_chain));
  }
}

void add_decoders(std::vector<Series>& all, const std::string& configs, bool long_ones) {
  const std::vector<std::int64_t> layers =
      long_ones ? std::vector<std::int64_t>{8, 24, 80} : std::vector<std::int64_t>{2, 8};
  const auto prompt = [](std::int64_t count) { return decoder(count, 2048); };
  const std::vector<Setting> settings = {
      {"decoder layers of 2 048 tokens, tiled-cim", "", std::string(kTiled), 8, {kByRow}, ""},
      {"decoder layers of 2 048 tokens, sram-cim by row",
       "",
       std::string(kSram),
       4,
       {"use = \"imbrex.partition.greedy\"", kByRow},
       ""},
      {"decoder layers of 2 048 tokens, sram-cim layer by layer as COMPASS",
       "",
       std::string(kSram),
       4,
       {"use = \"imbrex.partition.greedy\"", analyzer("clsa-cim", "granularity = \"layer\"")},
       ""},
      {"decoder layers of 2 048 tokens, pe-array",
       "",
       std::string(kArray),
       8,
       {"use = \"imbrex.partition.pipeorgan\"", analyzer("pipeorgan")},
       ""}};
  for (const Setting& setting : settings) {
    all.push_back(series(configs, setting, "layers", layers, prompt));
    all.back().most_exponent = 1.6;  // all pairs of up to 64 producers behind one sum are looked at
  }
  const std::vector<std::int64_t> tokens = long_ones ? std::vector<std::int64_t>{2048, 8192, 32768}
                                                     : std::vector<std::int64_t>{512, 2048};
  all.push_back(series(configs,
                       {"tokens, two decoder layers", "", std::string(kTiled), 8, {kByRow}, ""},
                       "tokens", tokens, [](std::int64_t count) { return decoder(2, count); }));
}

// Every decoder layer has a stack of banks, so that all sizes cut layers alike.
void add_banks(std::vector<Series>& all, const std::string& configs, bool long_ones) {
  const Setting setting = {"decoder layers of 2 048 tokens, dram-pim",
                           "hbm2-simdram",
                           "",
                           8,
                           {"use = \"imbrex.partition.bank-slices\"", analyzer("fast-overlapim")},
                           ""};
  Series banks;
  banks.name = setting.name;
  banks.unit = "layers";
  banks.sizes = long_ones ? std::vector<std::int64_t>{8, 24, 80} : std::vector<std::int64_t>{2, 8};
  banks.files = [configs, setting](std::int64_t layers) {
    Setting stacked = setting;
    stacked.machine = fmt::format("[architecture]\nstacks = {}\n", layers);
    return Files{decoder(layers, 2048), recipe_text(configs, stacked)};
  };
  banks.most_exponent = 1.6;  // all pairs of up to 64 producers behind one sum are looked at
  all.push_back(std::move(banks));
}

void add_images(std::vector<Series>& all, const std::string& configs, bool long_ones) {
  const std::string machine(kTiled);
  const std::string baseline =
      "[baseline]\nstages = [{ use = \"imbrex.overlap.layer-by-layer\" }]\n";
  const std::vector<std::int64_t> by_row = long_ones
                                               ? std::vector<std::int64_t>{2048, 4096, 8192, 16384}
                                               : std::vector<std::int64_t>{512, 1024};
  all.push_back(series(configs,
                       {"rows of an image, with a baseline", "", machine, 8, {kByRow}, baseline},
                       "rows", by_row, image_chain));
  const std::vector<std::int64_t> by_pixel =
      long_ones ? std::vector<std::int64_t>{256, 512, 1024} : std::vector<std::int64_t>{128, 256};
  all.push_back(series(configs,
                       {"extent of an image, by pixel",
                        "",
                        machine,
                        8,
                        {analyzer("clsa-cim", "granularity = \"pixel\"")},
                        ""},
                       "pixels", by_pixel, image_chain));
  all.back().most_exponent = 2.4;  // the work is the square
}

void add_machines(std::vector<Series>& all, const std::string& configs, bool long_ones) {
  const std::vector<std::int64_t> batch =
      long_ones ? std::vector<std::int64_t>{64, 256, 1024} : std::vector<std::int64_t>{16, 64};
  all.push_back(variant(
      configs, "batch of TinyYOLOv4", "samples", batch, "tinyyolov4-clsa-cim.toml",
      [](std::int64_t samples) { return fmt::format("[workload]\nbatch = {}\n", samples); }));
  const std::vector<std::int64_t> rows =
      long_ones ? std::vector<std::int64_t>{64, 128, 256} : std::vector<std::int64_t>{64, 128};
  all.push_back(variant(configs, "mesh, RITNet with PipeOrgan", "rows", rows,
                        "ritnet-pipeorgan.toml", [](std::int64_t extent) {
                          return fmt::format(
                              "[architecture]\ntopology = \"mesh\"\nrows = {0}\ncolumns = {0}\n",
                              extent);
                        }));
  all.back().most_exponent = 2.4;  // elements are the square
  all.back().most_seconds = 20;
}

}  // namespace

std::vector<Series> all_series(const std::string& configs, bool long_ones) {
  std::vector<Series> all;
  add_layers(all, configs, long_ones);
  add_decoders(all, configs, long_ones);
  add_banks(all, configs, long_ones);
  add_images(all, configs, long_ones);
  add_machines(all, configs, long_ones);
  return all;
}

}  // namespace imbrex::scaling
