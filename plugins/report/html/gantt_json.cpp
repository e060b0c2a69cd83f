// Rectangles as columns, one object per operator: keys at every job would be most of the page.
#include "bars.hpp"
#include "figures_json.hpp"

#include <nlohmann/json.hpp>

namespace imbrex::html {
namespace {

template <class Member>
Json column(const std::vector<Bar>& bars, Member member) {
  std::vector<std::int64_t> values;
  values.reserve(bars.size());
  for (const Bar& bar : bars) {
    values.push_back(static_cast<std::int64_t>(bar.*member));
  }
  return packed(values);
}

Json bars_json(const std::vector<Bar>& bars, const Merging& merging) {
  Json out = {{"lane", column(bars, &Bar::lane)},        {"step", column(bars, &Bar::step)},
              {"start", column(bars, &Bar::start_ps)},   {"length", column(bars, &Bar::length_ps)},
              {"period", column(bars, &Bar::period_ps)}, {"count", column(bars, &Bar::count)},
              {"wait", column(bars, &Bar::waited_for)}};
  if (!merging.exact()) {
    out["jobs"] = column(bars, &Bar::jobs);
    out["busy"] = column(bars, &Bar::busy_ps);
  }
  return out;
}

}  // namespace

Json gantt_json(const PageSubject& subject) {
  const Result& result = subject.result;
  const MetricValue* const latency = result.metrics.find("latency_ps");
  const auto* const makespan = latency == nullptr ? nullptr : std::get_if<std::int64_t>(latency);
  const std::int64_t makespan_ps = makespan == nullptr ? 0 : *makespan;
  const Merging merging = merging_for(result.jobs, makespan_ps, subject.most_rectangles);
  Json operators = Json::array();
  std::int64_t rectangles = 0;
  for (const OperatorResult& op : result.operators) {
    const std::vector<Bar> bars = bars_of(result.jobs.runs_of(op.id), merging);
    for (const Bar& bar : bars) {
      rectangles += bar.count;
    }
    operators.push_back(bars_json(bars, merging));
  }
  Json out = {{"jobs", result.jobs.size()}, {"rectangles", rectangles}};
  if (!merging.exact()) {
    out["gap_ps"] = merging.gap_ps;
    out["servers_per_lane"] = merging.servers;
  }
  out["operators"] = std::move(operators);
  return out;
}

}  // namespace imbrex::html
