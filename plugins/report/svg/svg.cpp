// imbrex.report.svg: one figure for a column of a paper.
#include "figure.hpp"

#include <imbrex/plugin.hpp>

#include <string>

namespace imbrex::svg {
namespace {

struct Config : Options {
  std::string file = "figure.svg";
};

constexpr std::string_view kFigures[] = {"gantt", "floor-plan", "bars"};
constexpr std::string_view kQuantities[] = {"time", "units", "mac-utilisation"};
constexpr ParamSpec kParams[] = {
    choice<&Config::figure, Config>("figure", "What is drawn", kFigures),
    param<&Config::file>("file", "Name of the file in the result folder"),
    param<&Config::width_mm, Config>("width_mm",
                                     "Width in print; the default is a column of two on a page")
        .unit("millimetre")
        .range(20, 2000),
    param<&Config::height_mm, Config>(
        "height_mm", "Height in print of a Gantt chart and of bars; 0: as high as the rows need")
        .unit("millimetre")
        .range(0, 2000),
    param<&Config::font_pt, Config>("font_pt", "Size of all letters in print")
        .unit("point")
        .range(2, 72),
    choice<&Config::quantity, Config>("quantity", "What bars show of every operator", kQuantities),
    param<&Config::segment, Config>(
        "segment", "Whose floor plan; -1: of the segment that takes longest and has several stages")
        .at_least(-1),
};

class Svg final : public Reporter {
 public:
  Svg(const Config& config, const Context& /*context*/) : config_(config) {}

  void report(const Result& result, OutputFolder& folder) override {
    switch (config_.figure) {
      case Figure::gantt:
        folder.write(config_.file, gantt(result, config_));
        return;
      case Figure::floor_plan:
        folder.write(config_.file, floor_plan(result, config_));
        return;
      case Figure::bars:
        folder.write(config_.file, bars(result, config_));
    }
  }

 private:
  Config config_;
};

constexpr Component kComponents[] = {component<Svg, Config>(
    "imbrex.report.svg", "One figure as SVG, sized for a column of a paper", kParams)};

}  // namespace

IMBREX_PLUGIN("imbrex.report.svg", "0.1.0", "Figures for papers", "Apache-2.0", kComponents)

}  // namespace imbrex::svg
