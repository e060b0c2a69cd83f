// The parameters of dealing jobs anew, shared by the stage that does it and by searches that judge
// mappings by what it would make of them.
#pragma once

#include <imbrex/interfaces/overlap_analyzer.hpp>
#include <imbrex/plugin/params.hpp>

#include <string_view>

namespace imbrex::search {

enum class DealingUnit : std::uint8_t { job, output_tile };
inline constexpr std::string_view kDealingUnits[] = {"job", "output-tile"};

struct DealingParams {
  DealingUnit unit = DealingUnit::job;
  bool move_weights = true;
  double move_bits_per_ps = 0;
  std::int64_t merge_add_ps = 0;
};

inline DealingCosts dealing_costs(const DealingParams& params) noexcept {
  return {params.unit == DealingUnit::output_tile, params.move_weights, params.move_bits_per_ps,
          params.merge_add_ps};
}

template <class Config>
consteval ParamSpec dealing_unit_param(std::string_view name) {
  return choice<&Config::unit, Config>(
      name,
      "What is dealt anew: every job on its own, or all jobs of an output tile together, which "
      "leaves no partial sums to merge",
      kDealingUnits);
}
template <class Config>
consteval ParamSpec move_weights_param() {
  return param<&Config::move_weights, Config>(
      "move_weights",
      "A job dealt to another server takes its weights along; false: weights are replicated on all "
      "servers");
}
template <class Config>
consteval ParamSpec move_bits_per_ps_param() {
  return param<&Config::move_bits_per_ps, Config>(
             "move_bits_per_ps",
             "Bandwidth at which inputs, weights and partial sums move between servers when jobs "
             "are dealt anew; 0: free")
      .unit("bit/ps")
      .at_least(0);
}
template <class Config>
consteval ParamSpec merge_add_ps_param() {
  return param<&Config::merge_add_ps, Config>(
             "merge_add_ps", "Time of one addition when partial sums on several servers merge")
      .unit("ps")
      .at_least(0);
}

}  // namespace imbrex::search
