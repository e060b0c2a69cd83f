// File: layer.cpp
#include "layer.hpp"

#include <imbrex/region.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace imbrex::overlapim {
namespace {

// Jobs that stay together: one, or all of an output tile.
struct Unit {
  std::vector<std::size_t> jobs;
  std::int64_t arrival_ps = kNoNeed;
  std::int64_t duration_ps = 0;
  std::int64_t home = 0;  // server of the first job
};

std::vector<Unit> units_of(const Layer& layer, const std::vector<JobLoad>& loads, std::size_t tiles,
                           bool whole_tiles) {
  std::vector<Unit> units(whole_tiles ? tiles : layer.jobs.size());
  for (std::size_t i = 0; i < layer.jobs.size(); ++i) {
    const TimedWork& job = layer.jobs[i];
    if (!job.has_work) {
      continue;
    }
    Unit& unit = units[whole_tiles ? loads[i].tile : i];
    if (unit.jobs.empty()) {
      unit.home = job.server;
    }
    unit.jobs.push_back(i);
    unit.arrival_ps = std::max(unit.arrival_ps, job.arrival_ps);
    unit.duration_ps += job.duration_ps;
  }
  std::erase_if(units, [](const Unit& unit) { return unit.jobs.empty(); });
  return units;
}

// Servers of the units of one step: as many as possible at home, the others where space is left.
std::vector<std::int64_t> seats(const std::vector<Unit>& units, std::span<const std::uint32_t> step,
                                std::int64_t servers) {
  std::vector<bool> taken(static_cast<std::size_t>(servers), false);
  std::vector<std::int64_t> seat(step.size(), -1);
  for (std::size_t i = 0; i < step.size(); ++i) {
    const auto home = static_cast<std::size_t>(units[step[i]].home);
    if (!taken[home]) {
      taken[home] = true;
      seat[i] = static_cast<std::int64_t>(home);
    }
  }
  std::size_t free = 0;
  for (std::int64_t& place : seat) {
    if (place >= 0) {
      continue;
    }
    while (taken[free]) {
      ++free;
    }
    taken[free] = true;
    place = static_cast<std::int64_t>(free);
  }
  return seat;
}

class Dealer {
 public:
  Dealer(const Layer& layer, const std::vector<JobLoad>& loads, std::size_t tiles,
         const MoveCosts& costs)
      : layer_(layer),
        loads_(loads),
        costs_(costs),
        units_(units_of(layer, loads, tiles, costs.whole_tiles)),
        servers_(layer.order->server_count()),
        free_ps_(static_cast<std::size_t>(servers_), 0),
        next_step_(static_cast<std::size_t>(servers_), 0),
        pieces_(tiles) {
    result_.tile_end_ps.assign(tiles, 0);
  }

  Dealt run() {
    std::vector<std::int64_t> arrivals;
    for (const Unit& unit : units_) {
      arrivals.push_back(unit.arrival_ps);
    }
    const std::vector<std::uint32_t> order = earliest_ready_first(arrivals);
    const auto width = static_cast<std::size_t>(servers_);
    for (std::size_t first = 0; first < order.size(); first += width) {
      deal_step(std::span(order).subspan(first, std::min(width, order.size() - first)));
    }
    merge_partial_sums();
    sort_by_server();
    return std::move(result_);
  }

 private:
  void deal_step(std::span<const std::uint32_t> step) {
    const std::vector<std::int64_t> seat = seats(units_, step, servers_);
    if (layer_.order->lock_step()) {
      std::int64_t begin_ps = free_ps_[0];
      for (const std::uint32_t unit : step) {
        begin_ps = std::max(begin_ps, units_[unit].arrival_ps);
      }
      std::int64_t end_ps = begin_ps;
      for (std::size_t i = 0; i < step.size(); ++i) {
        end_ps = std::max(end_ps, place(units_[step[i]], seat[i], begin_ps));
      }
      free_ps_.assign(free_ps_.size(), end_ps);
      return;
    }
    for (std::size_t i = 0; i < step.size(); ++i) {
      std::int64_t& free_ps = free_ps_[static_cast<std::size_t>(seat[i])];
      free_ps = place(units_[step[i]], seat[i], std::max(free_ps, units_[step[i]].arrival_ps));
    }
  }

  // Runs the unit's jobs one after another; returns the end of the last.
  std::int64_t place(const Unit& unit, std::int64_t server, std::int64_t begin_ps) {
    std::int64_t at_ps = begin_ps;
    for (const std::size_t number : unit.jobs) {
      TimedWork job = layer_.jobs[number];
      if (job.server != server) {
        job.duration_ps += move_ps(loads_[number], costs_);
      }
      job.server = server;
      job.step = next_step_[static_cast<std::size_t>(server)]++;
      job.start_ps = at_ps;
      job.end_ps = at_ps += job.duration_ps;
      result_.end_ps = std::max(result_.end_ps, job.end_ps);
      std::int64_t& tile_end_ps = result_.tile_end_ps[loads_[number].tile];
      tile_end_ps = std::max(tile_end_ps, job.end_ps);
      pieces_[loads_[number].tile].push_back(server);
      result_.jobs.push_back(job);
      result_.old_number.push_back(number);
    }
    return at_ps;
  }

  // Partial sums of one tile that now sit on several servers must be added up.
  void merge_partial_sums() {
    for (std::size_t i = 0; i < result_.old_number.size(); ++i) {
      const JobLoad& load = loads_[result_.old_number[i]];
      std::vector<std::int64_t>& servers = pieces_[load.tile];
      if (servers.empty()) {
        continue;  // merged already
      }
      std::sort(servers.begin(), servers.end());
      const std::int64_t apart = std::unique(servers.begin(), servers.end()) - servers.begin();
      servers.clear();
      result_.tile_end_ps[load.tile] += merge_ps(load, apart, costs_);
      result_.end_ps = std::max(result_.end_ps, result_.tile_end_ps[load.tile]);
    }
  }

  void sort_by_server() {
    std::vector<std::size_t> order(result_.jobs.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      order[i] = i;
    }
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      const TimedWork& x = result_.jobs[a];
      const TimedWork& y = result_.jobs[b];
      return x.server != y.server ? x.server < y.server : x.step < y.step;
    });
    std::vector<TimedWork> jobs;
    std::vector<std::size_t> numbers;
    for (const std::size_t i : order) {
      jobs.push_back(result_.jobs[i]);
      numbers.push_back(result_.old_number[i]);
    }
    result_.jobs = std::move(jobs);
    result_.old_number = std::move(numbers);
  }

  const Layer& layer_;
  const std::vector<JobLoad>& loads_;
  const MoveCosts& costs_;
  std::vector<Unit> units_;
  std::int64_t servers_;
  std::vector<std::int64_t> free_ps_;
  std::vector<std::int64_t> next_step_;
  std::vector<std::vector<std::int64_t>> pieces_;  // per tile: servers of its jobs
  Dealt result_;
};

}  // namespace

JobLoad job_load(const Workload& workload, OperatorId id, const DimBox& box) noexcept {
  const Operator& op = workload.at(id);
  JobLoad load;
  for (std::size_t k = 0; k < op.inputs.size(); ++k) {
    load.input_bits +=
        workload.input_region(id, k, box).elements() * workload.at(op.inputs[k]).bits_per_element;
  }
  if (op.stationary_weights) {
    load.weight_bits = op.weight_bits_per_element;
    for (const Dim d : {Dim::G, Dim::K, Dim::C, Dim::R, Dim::S}) {
      load.weight_bits *= box[d].extent();
    }
  }
  load.sum_bits =
      workload.output_region(id, box).elements() * workload.at(op.output).bits_per_element;
  return load;
}

std::int64_t move_ps(const JobLoad& load, const MoveCosts& costs) noexcept {
  if (costs.bits_per_ps <= 0) {
    return 0;
  }
  const std::int64_t bits = load.input_bits + (costs.move_weights ? load.weight_bits : 0);
  return static_cast<std::int64_t>(std::ceil(static_cast<double>(bits) / costs.bits_per_ps));
}

std::int64_t merge_ps(const JobLoad& load, std::int64_t apart, const MoveCosts& costs) noexcept {
  const auto rounds = std::bit_width(static_cast<std::uint64_t>(apart - 1));
  std::int64_t merge_ps = static_cast<std::int64_t>(rounds) * costs.merge_add_ps;
  if (costs.bits_per_ps > 0) {
    const double bits = static_cast<double>(apart - 1) * static_cast<double>(load.sum_bits);
    merge_ps += static_cast<std::int64_t>(std::ceil(bits / costs.bits_per_ps));
  }
  return merge_ps;
}

Layer::Layer(const WorkOrder& work_order) : order(&work_order) {
  jobs.reserve(static_cast<std::size_t>(work_order.job_count()));
  for (std::int64_t server = 0; server < work_order.server_count(); ++server) {
    for (std::int64_t step = 0; step < work_order.step_count(server); ++step) {
      const Job job = work_order.job(step, server);
      jobs.push_back({step, server, kNoNeed, job.duration_ps, 0, 0, !job.box.empty()});
    }
  }
}

void Layer::run_in_order() {
  end_ps = 0;
  if (!order->lock_step()) {
    std::int64_t at_ps = 0;
    for (TimedWork& job : jobs) {
      at_ps = job.step == 0 ? 0 : at_ps;
      job.start_ps = std::max(at_ps, job.arrival_ps);
      job.end_ps = at_ps = job.start_ps + job.duration_ps;
      end_ps = std::max(end_ps, at_ps);
    }
    return;
  }
  const std::int64_t servers = order->server_count();
  std::vector<std::int64_t> first(static_cast<std::size_t>(servers), 0);
  std::int64_t steps = order->step_count(0);
  for (std::int64_t s = 1; s < servers; ++s) {
    steps = std::max(steps, order->step_count(s));
    first[static_cast<std::size_t>(s)] =
        first[static_cast<std::size_t>(s - 1)] + order->step_count(s - 1);
  }
  for (std::int64_t step = 0; step < steps; ++step) {
    const auto for_servers = [&](auto&& visit) {
      for (std::int64_t s = 0; s < servers; ++s) {
        if (step < order->step_count(s)) {
          visit(jobs[static_cast<std::size_t>(first[static_cast<std::size_t>(s)] + step)]);
        }
      }
    };
    std::int64_t begin_ps = end_ps;
    for_servers([&](const TimedWork& job) { begin_ps = std::max(begin_ps, job.arrival_ps); });
    for_servers([&](TimedWork& job) {
      job.start_ps = begin_ps;
      job.end_ps = begin_ps + job.duration_ps;
      end_ps = std::max(end_ps, job.end_ps);
    });
  }
}

Dealt deal_earliest_first(const Layer& layer, const std::vector<JobLoad>& loads, std::size_t tiles,
                          const MoveCosts& costs) {
  return Dealer(layer, loads, tiles, costs).run();
}

}  // namespace imbrex::overlapim
