#include "bottleneck_view.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include <fmt/format.h>

namespace imbrex::terminal {
namespace {

// Time on the critical path per operator.
std::map<OperatorId, std::int64_t> critical_time_ps(const Result& result) {
  std::map<OperatorId, std::int64_t> time;
  for (const CriticalStep& step : result.critical_path) {
    time[step.op] += step.end_ps - step.start_ps;
  }
  return time;
}

std::int64_t makespan_of(const Result& result) {
  const MetricValue* const value = result.metrics.find("latency_ps");
  return value == nullptr ? 0
                          : std::visit([](auto v) { return static_cast<std::int64_t>(v); }, *value);
}

class Bottlenecks {
 public:
  Bottlenecks(const Result& result, const Style& style, std::size_t rows)
      : result_(result),
        style_(style),
        rows_(rows),
        critical_ps_(critical_time_ps(result)),
        makespan_ps_(makespan_of(result)) {}

  std::string text() {
    bottlenecks();
    return std::move(out_);
  }

 private:
  std::int64_t critical_ps(OperatorId id) const {
    const auto found = critical_ps_.find(id);
    return found == critical_ps_.end() ? 0 : found->second;
  }

  // Most of the critical path first; then the busiest server; then workload order.
  std::vector<const OperatorResult*> ranked() const {
    std::vector<const OperatorResult*> operators;
    for (const OperatorResult& op : result_.operators) {
      operators.push_back(&op);
    }
    std::stable_sort(operators.begin(), operators.end(),
                     [this](const OperatorResult* a, const OperatorResult* b) {
                       const auto left = critical_ps(a->id);
                       const auto right = critical_ps(b->id);
                       return left != right
                                  ? left > right
                                  : a->times.longest_server_ps > b->times.longest_server_ps;
                     });
    return operators;
  }

  void bottlenecks() {
    const std::vector<const OperatorResult*> operators = ranked();
    const std::size_t shown = rows_ == 0 ? operators.size() : std::min(rows_, operators.size());
    if (shown == 0 || makespan_ps_ <= 0) {
      return;
    }
    out_ += fmt::format("\n{}\n", bold(style_, "What bounds the makespan"));
    constexpr std::size_t kOtherColumns = 57;  // margin, bar, share, copies, units, start, end
    constexpr std::size_t kNarrowest = 12;
    const std::size_t left = style_.columns > kOtherColumns ? style_.columns - kOtherColumns : 0;
    const std::size_t name_width = std::clamp<std::size_t>(left, kNarrowest, 32);
    out_ += fmt::format("  {} {:<10} {:>6} {:>6} {:>6} {:>10} {:>10}\n",
                        fit(style_, "operator", name_width), "share", "", "copies", "units",
                        "start", "end");
    for (std::size_t i = 0; i < shown; ++i) {
      row(*operators[i], name_width);
    }
    if (shown < operators.size()) {
      out_ += fmt::format("  and {} more in result.json\n", operators.size() - shown);
    }
    remainder();
    ties();
  }

  void row(const OperatorResult& op, std::size_t name_width) {
    const double share =
        static_cast<double>(critical_ps(op.id)) / static_cast<double>(makespan_ps_);
    out_ += fmt::format("  {} {} {:>4.1f} % {:>6} {:>6} {:>10} {:>10}{}\n",
                        fit(style_, op.name, name_width), bar(style_, share, 10), 100 * share,
                        op.copies, op.copies * op.units_per_copy, duration(op.times.start_ps),
                        duration(op.times.end_ps),
                        op.idle_copies > 0 ? fmt::format("  {} copies idle", op.idle_copies) : "");
  }

  // What no operator accounts for: data under way, or waiting for the output.
  void remainder() {
    std::int64_t accounted_ps = 0;
    for (const auto& [id, time_ps] : critical_ps_) {
      accounted_ps += time_ps;
    }
    if (!critical_ps_.empty() && accounted_ps < makespan_ps_) {
      out_ += fmt::format("  {} on the critical path: {}\n",
                          result_.segments.empty() ? "data movement" : "weights and data movement",
                          duration(makespan_ps_ - accounted_ps));
    }
  }

  std::string name_of(OperatorId id) const {
    for (const OperatorResult& op : result_.operators) {
      if (op.id == id) {
        return op.name;
      }
    }
    return "?";
  }

  // Operators that hold up another one just as long as the one on the path: making one of them
  // faster alone changes nothing.
  void ties() {
    std::set<std::string> seen;
    constexpr std::size_t kShown = 3;
    for (const CriticalStep& step : result_.critical_path) {
      if (step.ties.empty()) {
        continue;
      }
      std::string line = fmt::format("  {} waits for {}, and just as long for {}", name_of(step.op),
                                     name_of(step.cause), name_of(step.ties.front()));
      if (step.ties.size() > 1) {
        line += fmt::format(" and {} more", step.ties.size() - 1);
      }
      if (seen.insert(line).second && seen.size() <= kShown) {
        out_ += (line.size() > style_.columns ? fit(style_, line, style_.columns) : line) + "\n";
      }
    }
    if (seen.size() > kShown) {
      out_ += fmt::format("  and {} more ties in result.json\n", seen.size() - kShown);
    }
  }

  const Result& result_;
  const Style& style_;
  std::size_t rows_;
  std::map<OperatorId, std::int64_t> critical_ps_;
  std::int64_t makespan_ps_;
  std::string out_;
};

}  // namespace

std::string bottlenecks(const Result& result, const Style& style, std::size_t rows) {
  return Bottlenecks(result, style, rows).text();
}

}  // namespace imbrex::terminal
