#include "link_report.hpp"

#include <algorithm>
#include <string>

namespace imbrex::simulator {
namespace {

constexpr std::size_t kGroupsShown = 3;

// "(row,column)" of an element; "buffer row" where the global buffer meets a row.
std::string place(const Topology& topology, std::int32_t node) {
  if (node >= topology.nodes()) {
    return "buffer " + std::to_string(node - topology.nodes());
  }
  std::string text = "(";
  text.append(std::to_string(node / topology.columns())).append(",");
  return text.append(std::to_string(node % topology.columns())).append(")");
}

// In tenths, rounded down.
std::string percent(std::int64_t part, std::int64_t whole) {
  const auto tenths =
      static_cast<std::int64_t>(1000.0 * static_cast<double>(part) / static_cast<double>(whole));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

// Busiest first, ties by id; idle ones left out.
std::vector<std::size_t> busiest_links(std::span<const std::int64_t> busy_ps) {
  std::vector<std::size_t> ids;
  for (std::size_t id = 0; id < busy_ps.size(); ++id) {
    if (busy_ps[id] > 0) {
      ids.push_back(id);
    }
  }
  std::stable_sort(ids.begin(), ids.end(),
                   [&](std::size_t a, std::size_t b) { return busy_ps[a] > busy_ps[b]; });
  return ids;
}

}  // namespace

void report_links(const LinkModel& links, const Engine& engine, TimelineSink& detail) {
  const std::span<const std::int64_t> busy_ps = engine.network()->busy_ps();
  const std::vector<std::size_t> busiest = busiest_links(busy_ps);
  detail.statistic("packets", engine.network()->packets());
  detail.statistic("busiest_link_busy_ps", busiest.empty() ? 0 : busy_ps[busiest.front()]);
  if (busiest.empty() || engine.makespan_ps() == 0) {
    return;
  }
  std::string text;
  std::size_t end = 0;  // of the links that are as busy as the one shown
  for (std::size_t group = 0; group < kGroupsShown && end < busiest.size(); ++group) {
    const std::size_t first = end;
    const std::int64_t group_ps = busy_ps[busiest[first]];
    while (end < busiest.size() && busy_ps[busiest[end]] == group_ps) {
      ++end;
    }
    const Link& link = links.topology.links_and_ports()[busiest[first]];
    text.append(text.empty() ? "" : "; ").append(place(links.topology, link.from)).append(" -> ");
    text.append(place(links.topology, link.to));
    if (end - first > 1) {
      text.append(", ").append(std::to_string(end - first - 1)).append(" more");
    }
    text.append(": ").append(percent(group_ps, engine.makespan_ps()));
  }
  detail.note("hottest_links", text);
}

}  // namespace imbrex::simulator
