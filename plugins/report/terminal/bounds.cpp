#include "bounds.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

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

bool work_at_once(const OperatorTimes& a, const OperatorTimes& b) noexcept {
  return a.start_ps < b.end_ps && b.start_ps < a.end_ps;
}

bool tie(const OperatorResult& a, const OperatorResult& b) noexcept {
  return a.times.longest_server_ps > 0 && a.times.longest_server_ps == b.times.longest_server_ps &&
         work_at_once(a.times, b.times);
}

std::int64_t busiest_ps(const Bound& bound) noexcept {
  return bound.is_movement() ? 0 : bound.operators.front()->times.longest_server_ps;
}

std::string names_of(const Bound& bound) {
  std::vector<std::string_view> names;
  for (const OperatorResult* op : bound.operators) {
    names.push_back(op->name);
  }
  constexpr std::size_t kShown = 3;
  const std::size_t more = names.size() > kShown ? names.size() - kShown : 0;
  names.resize(names.size() - more);
  return fmt::format("{}{}", fmt::join(names, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

bool any_copies(const Result& result) {
  return std::any_of(result.operators.begin(), result.operators.end(),
                     [](const OperatorResult& op) { return op.copies > 1; });
}

// Copies are a way only where some stage makes them.
std::string copies_remedy(const Bound& bound) {
  std::int64_t units = 0;
  for (const OperatorResult* op : bound.operators) {
    units += op->units_per_copy;
  }
  const std::string needed = fmt::format("{} unit{}", units, units == 1 ? "" : "s");
  return bound.operators.size() == 1
             ? fmt::format("one copy more of {}: {}", names_of(bound), needed)
             : fmt::format(
                   "one copy more of each of the {} that tie: {} together, fewer change "
                   "little",
                   bound.operators.size(), needed);
}

// Levels and ports that the operators wait for while they run.
std::string port_remedy(const Bound& bound) {
  std::set<std::string> ports;
  for (const OperatorResult* op : bound.operators) {
    if (op->account && op->account->bound_by != "compute") {
      ports.insert(op->account->bound_by);
    }
  }
  return ports.empty() ? ""
                       : fmt::format(
                             "more bandwidth of {}, or a mapping that needs it less: it "
                             "bounds {}",
                             fmt::join(ports, ", "), names_of(bound));
}

std::string movement_remedy(const Result& result) {
  if (result.exactness == Exactness::conservative) {
    return fmt::format(
        "an exact analyzer, {}finer jobs or more bandwidth: waiting that the analyzer adds, {}or "
        "data under way takes most of the time",
        result.segments.empty() ? "" : "longer segments, ",
        result.segments.empty() ? "" : "weights ");
  }
  return result.segments.empty()
             ? "finer jobs or wider links: data under way takes most of the time"
             : "longer segments, finer jobs or more bandwidth: weights and data take most of the "
               "time";
}

}  // namespace

std::int64_t latency_ps(const Metrics& metrics) {
  const MetricValue* const value = metrics.find("latency_ps");
  return value == nullptr ? 0
                          : std::visit([](auto v) { return static_cast<std::int64_t>(v); }, *value);
}

std::vector<Bound> bounds_of(const Result& result) {
  const std::map<OperatorId, std::int64_t> critical_ps = critical_time_ps(result);
  std::int64_t left_ps = latency_ps(result.metrics);
  std::vector<Bound> out;
  if (left_ps <= 0 || result.operators.empty()) {
    return out;
  }
  for (const OperatorResult& op : result.operators) {
    const auto found = critical_ps.find(op.id);
    const std::int64_t time_ps = found == critical_ps.end() ? 0 : found->second;
    const auto group = std::find_if(out.begin(), out.end(), [&](const Bound& bound) {
      return tie(*bound.operators.front(), op);
    });
    Bound& bound = group == out.end() ? out.emplace_back() : *group;
    bound.operators.push_back(&op);
    bound.critical_ps += time_ps;
    left_ps -= time_ps;
  }
  if (!critical_ps.empty() && left_ps > 0) {
    out.push_back({{}, left_ps});
  }
  std::stable_sort(out.begin(), out.end(), [](const Bound& a, const Bound& b) {
    return std::pair(a.critical_ps, busiest_ps(a)) > std::pair(b.critical_ps, busiest_ps(b));
  });
  return out;
}

std::vector<std::string> remedies(const Result& result, const std::vector<Bound>& bounds) {
  std::vector<std::string> out;
  if (bounds.empty() || bounds.front().critical_ps == 0) {
    return out;
  }
  const Bound& first = bounds.front();
  if (first.is_movement()) {
    return {movement_remedy(result)};
  }
  if (any_copies(result)) {
    out.push_back(copies_remedy(first));
  }
  if (std::string port = port_remedy(first); !port.empty()) {
    out.push_back(std::move(port));
  }
  return out;
}

}  // namespace imbrex::terminal
