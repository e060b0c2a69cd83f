// One mapped operator between two availability maps: what its grid cells wait for, when they run,
// and what its output's map is then.
#pragma once

#include "availability_map.hpp"

#include <imbrex/values/work_graph.hpp>

#include <optional>
#include <string>

namespace imbrex::clsa {

// Times per cell of the operator's tile grid, row-major.
struct GridTimes {
  std::vector<std::int64_t> start_ps;
  std::vector<std::int64_t> end_ps;
  std::vector<Wait> waited_for;
};

// Raises `ready_ps` (one entry per cell) to when the operator's input number `k` is there.
// False, and the reason in `obstacle`, when the directions of the grid do not separate.
bool wait_for_input(const Workload& workload, OperatorId op, std::size_t k, const TileGrid& grid,
                    const AvailabilityMap& input, std::int64_t delay_ps,
                    std::vector<std::int64_t>& ready_ps, std::string& obstacle);

// Stage IV for one operator: every server takes its cells in order, as soon as each is ready.
GridTimes run_servers(const WorkOrder& order, const TileGrid& grid,
                      const std::vector<std::int64_t>& ready_ps);

// The map of the operator's output, which is there `completion_ps` after the ends of its cells.
std::optional<AvailabilityMap> publish(const Workload& workload, OperatorId op,
                                       const TileGrid& grid,
                                       const std::vector<std::int64_t>& end_ps,
                                       std::int64_t completion_ps, std::string& obstacle);

}  // namespace imbrex::clsa
