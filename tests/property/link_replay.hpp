// A schedule replayed over links stepped cycle by cycle, between jobs found by flooding the network
// element by element.
#pragma once

#include "scenario.hpp"
#include "token_flood.hpp"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace imbrex::property {

// A network with a random floor plan on random links; a function of its number.
struct Linked {
  Scenario scenario;
  FloodResult flooded;
  std::int64_t word_ps = 1;
};

Linked make_linked(std::uint64_t number, const ScenarioOptions& options);

// When what a job hands to an operator has arrived there.
struct Replay {
  std::map<std::pair<std::size_t, OperatorId>, std::int64_t> arrival;
  std::int64_t packets = 0;
  std::int64_t busiest_ps = 0;
  std::int64_t total_busy_ps = 0;
};

// `end_ps`: of the jobs of the flood.
Replay replay_links(const Linked& linked, std::vector<std::int64_t> end_ps);

}  // namespace imbrex::property
