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
      "evenly a mapping streams rows",
      kCandidateSources);
}
template <class Config>
consteval ParamSpec budget_param() {
  return param<&Config::budget>("budget", "Most evaluations to spend; 0: no limit")
      .unit("evaluation")
      .at_least(0);
}

}  // namespace imbrex::search
