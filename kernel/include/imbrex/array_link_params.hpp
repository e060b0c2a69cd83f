// File: array_link_params.hpp
//
// The parameters with which a recipe says how the elements of an array are linked and how stages of
// a pipeline sit on it (specification pipeorgan sections 2.2, 5.2, 6.1). The partitioner that
// chooses the layout and the analyzer that charges its links use the same ones; give both the same
// values.
//
//   struct Config : imbrex::ArrayLinkParams { bool mine = true; };
//   constexpr imbrex::ParamSpec kParams[] = {
//       imbrex::layout_param<Config>(), imbrex::pattern_param<Config>(),
//       imbrex::topology_param<Config>(), imbrex::express_length_param<Config>(),
//       imbrex::link_rate_param<Config>(), ...};
#pragma once

#include <imbrex/architecture.hpp>
#include <imbrex/params.hpp>
#include <imbrex/segment_layout.hpp>

#include <algorithm>
#include <optional>
#include <string_view>

namespace imbrex {

enum class LayoutChoice : std::uint8_t {
  automatic,
  blocked_1d,
  blocked_2d,
  striped,
  cells,
  error_diffused,
  folded_stripes,
};
inline constexpr std::string_view kLayoutChoiceNames[] = {
    "auto", "blocked-1d", "blocked-2d", "striped", "cells", "error-diffused", "folded-stripes"};

struct ArrayLinkParams {
  LayoutChoice layout = LayoutChoice::automatic;
  FlowPattern pattern = FlowPattern::one_to_one;
  TopologyKind topology = TopologyKind::amp;
  std::int64_t express_length = 0;
  double link_words_per_cycle = 1;
};

template <class Config>
consteval ParamSpec layout_param() {
  return choice<&Config::layout, Config>(
      "layout", "Where stages sit: auto (the smallest period, then energy) or one kind",
      kLayoutChoiceNames);
}
template <class Config>
consteval ParamSpec pattern_param() {
  return choice<&Config::pattern, Config>("pattern", "Which elements need a produced word",
                                          kFlowPatternNames);
}
template <class Config>
consteval ParamSpec topology_param() {
  return choice<&Config::topology, Config>("topology", "Links between the processing elements",
                                           kTopologyNames);
}
template <class Config>
consteval ParamSpec express_length_param() {
  return param<&Config::express_length, Config>(
             "express_length", "Length of the express links of an AMP; 0: by its rule")
      .unit("PE")
      .range(0, 4096);
}
template <class Config>
consteval ParamSpec link_rate_param() {
  return param<&Config::link_words_per_cycle, Config>("link_words_per_cycle",
                                                      "Bandwidth of a link; 0: unbounded")
      .unit("word/cycle")
      .range(0, 1e12);
}

// Of the array that an architecture describes. Errors: InputError from Topology.
inline Topology topology_of(const ArrayLinkParams& params, const Architecture& array) {
  return Topology(params.topology, static_cast<std::int32_t>(array.grid.rows),
                  static_cast<std::int32_t>(array.grid.columns),
                  static_cast<std::int32_t>(params.express_length));
}
inline ArrayRates rates_of(const ArrayLinkParams& params, const Architecture& array) {
  ArrayRates rates;
  rates.macs_per_element = static_cast<std::int32_t>(
      std::max<std::int64_t>(1, array.units.front().columns / array.grid.columns));
  rates.link_words_per_cycle = params.link_words_per_cycle;
  return rates;
}
// One stage has the array to itself: there is only one layout.
inline std::optional<LayoutKind> layout_kind(const ArrayLinkParams& params, std::size_t stages) {
  if (params.layout == LayoutChoice::automatic || stages == 1) {
    return std::nullopt;
  }
  return static_cast<LayoutKind>(static_cast<std::uint8_t>(params.layout) - 1);
}

}  // namespace imbrex
