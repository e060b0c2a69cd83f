// Parameters that several searches have, each with a member of that name in its configuration.
#pragma once

#include <imbrex/plugin/params.hpp>
#include <imbrex/toolkit/search/candidates.hpp>

namespace imbrex::search {

template <class Config>
consteval ParamSpec candidates_from_param() {
  return choice<&Config::candidates_from>(
      "candidates_from",
      "uniform: every legal mapping is as likely; refined: a quarter of them, the others are steps "
      "from the canonical mappings and from the best ones so far, by latency alone and by how "
      "evenly a mapping streams rows; front: the proved front of latency and energy where the cost "
      "model says how it counts, then the best of several times as many refined ones, alone and by "
      "how evenly they stream; for searches that compare candidates with those of other layers",
      kCandidateSources);
}
// Measured on networks of XR-bench: less than a tenth of a run. At equal time a search without
// proofs would draw as much more.
inline constexpr std::int64_t kFrontStatesPerDraw = 4;
template <class Config>
consteval ParamSpec front_states_per_draw_param() {
  return param<&Config::front_states_per_draw>(
             "front_states_per_draw",
             "With candidates_from = front: tiles and shares that the proof of a layer's front may "
             "look at for every mapping that is drawn beside it, tiles of tables included; what is "
             "found until then is used; 0: until it is proved, however long")
      .unit("state")
      .at_least(0);
}
template <class Config>
consteval ParamSpec budget_param() {
  return param<&Config::budget>("budget", "Most evaluations to spend; 0: no limit")
      .unit("evaluation")
      .at_least(0);
}

}  // namespace imbrex::search
