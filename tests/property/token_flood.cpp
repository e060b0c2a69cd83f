#include "token_flood.hpp"

#include "operand_elements.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

namespace imbrex::property {
namespace {

using Tokens = std::map<std::size_t, std::int64_t>;  // job -> delay so far

void merge(Tokens& into, const Tokens& from, std::int64_t extra_ps) {
  for (const auto& [job, delay_ps] : from) {
    std::int64_t& mine = into.try_emplace(job, 0).first->second;
    mine = std::max(mine, delay_ps + extra_ps);
  }
}

// All elements of one tensor.
struct Field {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::vector<Tokens> tokens;

  explicit Field(const Node& node)
      : rows(node.rows),
        columns(node.columns),
        tokens(static_cast<std::size_t>(node.channels * node.rows * node.columns)) {}
  Tokens& at(std::int64_t c, std::int64_t y, std::int64_t x) {
    return tokens[static_cast<std::size_t>((c * rows + y) * columns + x)];
  }
  const Tokens& at(std::int64_t c, std::int64_t y, std::int64_t x) const {
    return tokens[static_cast<std::size_t>((c * rows + y) * columns + x)];
  }
};

class Flood {
 public:
  Flood(const GraphSpec& spec, const WorkGraph& graph, const test::FakeCostModel& cost)
      : spec_(spec), graph_(graph), cost_(cost) {}

  FloodResult run() {
    std::vector<bool> is_read(spec_.nodes.size(), false);
    for (std::size_t i = 0; i < spec_.nodes.size(); ++i) {
      fields_.emplace_back(spec_.nodes[i]);
      for (const std::size_t operand : spec_.nodes[i].operands) {
        is_read[operand] = true;
      }
      if (spec_.nodes[i].is_base()) {
        flood_base(i);
      } else if (i > 0) {
        flood_movement(i);
      }
    }
    for (std::size_t i = 1; i < spec_.nodes.size(); ++i) {
      for (const Tokens& tokens : fields_[i].tokens) {
        if (!is_read[i]) {
          merge(result_.output_needs, tokens, 0);
        }
      }
    }
    return std::move(result_);
  }

 private:
  void flood_base(std::size_t i) {
    const OperatorId op = operator_id(i - 1);
    const WorkOrder& order = graph_.order(op);
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      for (std::int64_t step = 0; step < order.step_count(server); ++step) {
        const Job job = order.job(step, server);
        const std::size_t name = result_.jobs.size();
        result_.jobs.push_back({op, server, step, job.box, job.duration_ps, {}});
        if (!job.box.empty()) {
          for_each_position(i, job.box, [&](std::int64_t k, std::int64_t y, std::int64_t x) {
            fields_[i].at(k, y, x)[name] = 0;
          });
          collect_needs(i, job.box, result_.jobs.back().needs);
        }
      }
    }
    charge_transfers(i);
    if (spec_.nodes[i].row_chain) {
      chain_rows(op);
    }
  }

  // Every job waits for all of its operator on rows before its own.
  void chain_rows(OperatorId op) {
    std::vector<FloodJob>& jobs = result_.jobs;
    for (FloodJob& job : jobs) {
      for (std::size_t before = 0; job.op == op && before < jobs.size(); ++before) {
        if (jobs[before].op == op && !job.box.empty() && !jobs[before].box.empty() &&
            jobs[before].box[Dim::P].begin < job.box[Dim::P].begin) {
          job.needs.try_emplace(before, 0);
        }
      }
    }
  }

  // Output elements of a box.
  template <class Visit>
  void for_each_position(std::size_t i, const DimBox& box, Visit visit) const {
    const std::int64_t outputs = spec_.nodes[i].channels / spec_.nodes[i].groups;
    for (std::int64_t g = box[Dim::G].begin; g < box[Dim::G].end; ++g) {
      for (std::int64_t k = box[Dim::K].begin; k < box[Dim::K].end; ++k) {
        for (std::int64_t y = box[Dim::P].begin; y < box[Dim::P].end; ++y) {
          for (std::int64_t x = box[Dim::Q].begin; x < box[Dim::Q].end; ++x) {
            visit(g * outputs + k, y, x);
          }
        }
      }
    }
  }

  // Input elements of a box: every multiplication once for each position, group, channel, tap.
  void collect_needs(std::size_t i, const DimBox& box, Tokens& needs) const {
    const Node& node = spec_.nodes[i];
    const Node& input = spec_.nodes[node.operands[0]];
    const std::int64_t inputs = input.channels / node.groups;
    std::vector<bool> seen(fields_[node.operands[0]].tokens.size(), false);
    for (std::int64_t y = box[Dim::P].begin; y < box[Dim::P].end; ++y) {
      for (std::int64_t x = box[Dim::Q].begin; x < box[Dim::Q].end; ++x) {
        for (std::int64_t r = box[Dim::R].begin; r < box[Dim::R].end; ++r) {
          for (std::int64_t s = box[Dim::S].begin; s < box[Dim::S].end; ++s) {
            std::int64_t in_y = 0;
            std::int64_t in_x = 0;
            if (!tap(node, 0, y, r, in_y) || !tap(node, 1, x, s, in_x) ||
                !inside(input, in_y, in_x)) {
              continue;
            }
            for (std::int64_t g = box[Dim::G].begin; g < box[Dim::G].end; ++g) {
              for (std::int64_t c = box[Dim::C].begin; c < box[Dim::C].end; ++c) {
                const std::int64_t channel = g * inputs + c;
                const auto at =
                    static_cast<std::size_t>((channel * input.rows + in_y) * input.columns + in_x);
                if (!seen[at]) {
                  seen[at] = true;
                  merge(needs, fields_[node.operands[0]].tokens[at], 0);
                }
              }
            }
          }
        }
      }
    }
  }

  // Which input row (column) does kernel tap r use for output row y? False: none.
  static bool tap(const Node& node, std::size_t s, std::int64_t y, std::int64_t r,
                  std::int64_t& in) {
    if (node.type == NodeType::convolution) {
      in = y * node.stride[s] - node.pad_begin[s] + r;
      return true;
    }
    const std::int64_t shifted = y + node.pad_begin[s] - r;  // = in * stride
    in = shifted / node.stride[s];
    return shifted >= 0 && shifted % node.stride[s] == 0;
  }

  void charge_transfers(std::size_t i) {
    for (FloodJob& job : result_.jobs) {
      if (job.op == operator_id(i - 1)) {
        for (auto& [writer, delay_ps] : job.needs) {
          delay_ps += cost_.transfer_ps(result_.jobs[writer].op, job.op);
        }
      }
    }
  }

  void flood_movement(std::size_t i) {
    const Node& node = spec_.nodes[i];
    const std::int64_t delay_ps = cost_.movement_ps(operator_id(i - 1));
    for (std::int64_t c = 0; c < node.channels; ++c) {
      for (std::int64_t y = 0; y < node.rows; ++y) {
        for (std::int64_t x = 0; x < node.columns; ++x) {
          Tokens& tokens = fields_[i].at(c, y, x);
          for_each_operand_element(
              spec_, node, c, y, x,
              [&](std::size_t operand, std::int64_t in_c, std::int64_t in_y, std::int64_t in_x) {
                merge(tokens, fields_[operand].at(in_c, in_y, in_x), delay_ps);
              });
        }
      }
    }
  }

  const GraphSpec& spec_;
  const WorkGraph& graph_;
  const test::FakeCostModel& cost_;
  std::vector<Field> fields_;
  FloodResult result_;
};

}  // namespace

FloodResult flood(const GraphSpec& spec, const WorkGraph& graph, const test::FakeCostModel& cost) {
  return Flood(spec, graph, cost).run();
}

Schedule longest_path(const FloodResult& flooded, const WorkGraph& graph) {
  const std::vector<FloodJob>& jobs = flooded.jobs;
  // Jobs that start together: one job, or a step of servers in lock-step.
  std::map<std::tuple<OperatorId, std::int64_t, std::int64_t>, std::vector<std::size_t>> batches;
  const auto batch_of = [&](const FloodJob& job, std::int64_t step) {
    return std::tuple(job.op, graph.order(job.op).lock_step() ? 0 : job.server, step);
  };
  for (std::size_t name = 0; name < jobs.size(); ++name) {
    batches[batch_of(jobs[name], jobs[name].step)].push_back(name);
  }
  Schedule schedule;
  schedule.start_ps.assign(jobs.size(), -1);
  const std::function<std::int64_t(std::size_t)> end = [&](std::size_t name) -> std::int64_t {
    std::int64_t& start_ps = schedule.start_ps[name];
    if (start_ps < 0) {
      std::int64_t ready_ps = 0;
      const auto previous = batches.find(batch_of(jobs[name], jobs[name].step - 1));
      if (previous != batches.end()) {
        for (const std::size_t other : previous->second) {
          ready_ps = std::max(ready_ps, end(other));
        }
      }
      for (const std::size_t companion : batches[batch_of(jobs[name], jobs[name].step)]) {
        for (const auto& [writer, delay_ps] : jobs[companion].needs) {
          ready_ps = std::max(ready_ps, end(writer) + delay_ps);
        }
      }
      start_ps = ready_ps;
    }
    return start_ps + jobs[name].duration_ps;
  };
  for (std::size_t name = 0; name < jobs.size(); ++name) {
    schedule.makespan_ps = std::max(schedule.makespan_ps, end(name));
  }
  for (const auto& [writer, delay_ps] : flooded.output_needs) {
    schedule.makespan_ps = std::max(schedule.makespan_ps, end(writer) + delay_ps);
  }
  return schedule;
}

}  // namespace imbrex::property
