#include <imbrex/toolkit/analysis/dealing.hpp>
#include <imbrex/toolkit/search/dealer.hpp>
#include <imbrex/values/completion.hpp>

#include <algorithm>
#include <utility>

namespace imbrex::search {
namespace {

// Jobs that stay together: one, or all of an output tile.
struct Unit {
  std::vector<std::size_t> jobs;
  std::int64_t arrival_ps = analysis::kNoNeed;
  std::int64_t home = 0;  // server of the first job
};

// Of a job with work: what moving it carries along, and the output tile it contributes to.
struct Load {
  analysis::JobLoad bits;
  std::size_t tile = 0;
};

// Servers of the units of one step: as many as possible at home, the others where space is left.
std::vector<std::size_t> seats(const std::vector<Unit>& units, std::span<const std::uint32_t> step,
                               std::size_t servers) {
  constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<bool> taken(servers, false);
  std::vector<std::size_t> seat(step.size(), kNone);
  for (std::size_t i = 0; i < step.size(); ++i) {
    const auto home = static_cast<std::size_t>(units[step[i]].home);
    if (!taken[home]) {
      taken[home] = true;
      seat[i] = home;
    }
  }
  std::size_t free = 0;
  for (std::size_t& place : seat) {
    if (place != kNone) {
      continue;
    }
    while (taken[free]) {
      ++free;
    }
    taken[free] = true;
    place = free;
  }
  return seat;
}

class Dealer {
 public:
  Dealer(const Workload& workload, const Mapping& mapping, const analysis::OperatorPass& pass,
         const DealingCosts& costs)
      : pass_(pass),
        costs_(costs),
        loads_(pass.jobs.size()),
        queues_(static_cast<std::size_t>(pass.order->server_count())) {
    result_.mapping = mapping;
    const TileTimes tiles(workload.at(pass.op), mapping, pass.order->tile_grid());
    for (std::size_t i = 0; i < loads_.size(); ++i) {
      if (pass.jobs[i].has_work) {
        const DimBox box = pass.order->job(pass.jobs[i].step, pass.jobs[i].server).box;
        loads_[i] = {analysis::job_load(workload, pass.op, box), tiles.tile_of(box)};
      }
    }
    pieces_.resize(tiles.size());
    gather_units();
  }

  DealtOrder run() {
    std::vector<std::int64_t> arrivals;
    for (const Unit& unit : units_) {
      arrivals.push_back(unit.arrival_ps);
    }
    const std::vector<std::uint32_t> order = analysis::earliest_ready_first(arrivals);
    for (std::size_t first = 0; first < order.size(); first += queues_.size()) {
      deal_step(std::span(order).subspan(first, std::min(queues_.size(), order.size() - first)));
    }
    for (std::vector<std::size_t>& servers : pieces_) {
      std::sort(servers.begin(), servers.end());
      servers.erase(std::unique(servers.begin(), servers.end()), servers.end());
    }
    list_jobs();
    return std::move(result_);
  }

 private:
  void gather_units() {
    units_.resize(costs_.whole_tiles ? pieces_.size() : pass_.jobs.size());
    for (std::size_t i = 0; i < pass_.jobs.size(); ++i) {
      const analysis::PassJob& job = pass_.jobs[i];
      if (!job.has_work) {
        continue;
      }
      Unit& unit = units_[costs_.whole_tiles ? loads_[i].tile : i];
      if (unit.jobs.empty()) {
        unit.home = job.server;
      }
      unit.jobs.push_back(i);
      unit.arrival_ps = std::max(unit.arrival_ps, job.arrival_ps);
    }
    std::erase_if(units_, [](const Unit& unit) { return unit.jobs.empty(); });
  }

  void deal_step(std::span<const std::uint32_t> step) {
    const std::vector<std::size_t> seat = seats(units_, step, queues_.size());
    for (std::size_t i = 0; i < step.size(); ++i) {
      for (const std::size_t job : units_[step[i]].jobs) {
        queues_[seat[i]].push_back(job);
        pieces_[loads_[job].tile].push_back(seat[i]);
      }
    }
  }

  // Every job of a tile waits for the merge: whichever ends last, the tile is complete behind it.
  void list_jobs() {
    for (std::size_t server = 0; server < queues_.size(); ++server) {
      result_.first_job.push_back(static_cast<std::int64_t>(result_.jobs.size()));
      for (const std::size_t number : queues_[server]) {
        const analysis::PassJob& job = pass_.jobs[number];
        const Load& load = loads_[number];
        const bool moved = std::cmp_not_equal(job.server, server);
        const auto apart = static_cast<std::int64_t>(pieces_[load.tile].size());
        result_.jobs.push_back({job.step, job.server,
                                moved ? analysis::move_ps(load.bits, costs_) : 0,
                                analysis::merge_ps(load.bits, apart, costs_)});
      }
    }
    result_.first_job.push_back(static_cast<std::int64_t>(result_.jobs.size()));
  }

  const analysis::OperatorPass& pass_;
  const DealingCosts& costs_;
  std::vector<Load> loads_;                       // per job
  std::vector<std::vector<std::size_t>> queues_;  // per server: numbers of its jobs, in order
  std::vector<std::vector<std::size_t>> pieces_;  // per tile: servers of its jobs
  std::vector<Unit> units_;
  DealtOrder result_;
};

}  // namespace

DealtOrder deal_earliest_first(const Workload& workload, const Mapping& mapping,
                               const analysis::OperatorPass& pass, const DealingCosts& costs) {
  return Dealer(workload, mapping, pass, costs).run();
}

}  // namespace imbrex::search
