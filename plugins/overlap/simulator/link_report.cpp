#include "link_report.hpp"

#include <algorithm>
#include <string>

namespace imbrex::simulator {
namespace {

constexpr std::size_t kLinksShown = 4;

// "row,column" of an element, "port row" of a port of the global buffer.
std::string name_of(const Topology& topology, std::int32_t node) {
  if (node >= topology.nodes()) {
    return "port " + std::to_string(node - topology.nodes());
  }
  return std::to_string(node / topology.columns()) + "," +
         std::to_string(node % topology.columns());
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
  ids.resize(std::min(ids.size(), kLinksShown));
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
  for (const std::size_t id : busiest) {
    const Link& link = links.topology.links_and_ports()[id];
    text += (text.empty() ? "" : "; ") + name_of(links.topology, link.from) + " -> " +
            name_of(links.topology, link.to) + " " + percent(busy_ps[id], engine.makespan_ps());
  }
  detail.note("hottest_links", text);
}

}  // namespace imbrex::simulator
