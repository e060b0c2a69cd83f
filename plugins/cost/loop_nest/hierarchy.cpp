#include "hierarchy.hpp"

#include <imbrex/error.hpp>
#include <imbrex/work_order.hpp>

#include <algorithm>
#include <cmath>

namespace imbrex::loop_nest {
namespace {

constexpr KeepMask kEverything = 0b111;

KeepMask keep_mask(std::string_view letters, std::string_view level) {
  constexpr std::string_view kLetters = "WIO";  // in the order of Role
  KeepMask mask = 0;
  for (const char letter : letters) {
    const std::size_t role = kLetters.find(letter);
    if (role == std::string_view::npos) {
      throw InputError("parameter 'keep': '" + std::string(letters) + "' for level '" +
                       std::string(level) + "' holds '" + letter +
                       "'; the letters are W (weights or second operand), I (first operand) and O "
                       "(result)");
    }
    mask = static_cast<KeepMask>(mask | keep_bit(role));
  }
  return mask;
}

std::string list_of_levels(const Architecture& architecture) {
  std::string text;
  for (const StorageLevel& level : architecture.levels) {
    text += (text.empty() ? "" : ", ") + std::string(level.name);
  }
  return text;
}

void check(const Architecture& architecture, const std::vector<std::string>& keep) {
  const std::size_t count = architecture.levels.size();
  if (architecture.units.empty() || architecture.units.front().kind != UnitKind::mac_array ||
      count == 0) {
    throw InputError("needs an array of MACs under storage levels; '" +
                     std::string(architecture.name) + "' is none");
  }
  if (count > kMaxLevels) {
    throw InputError("counts at most " + std::to_string(kMaxLevels) + " storage levels, '" +
                     std::string(architecture.name) + "' has " + std::to_string(count));
  }
  if (!keep.empty() && keep.size() != count) {
    throw InputError("parameter 'keep' has " + std::to_string(keep.size()) +
                     " entries, the architecture has " + std::to_string(count) +
                     " levels: " + list_of_levels(architecture));
  }
}

}  // namespace

Hierarchy hierarchy_of(const Architecture& architecture, const std::vector<std::string>& keep,
                       Counting counting, bool link_transfers) {
  check(architecture, keep);
  const ComputeUnit& unit = architecture.units.front();
  Hierarchy hierarchy;
  hierarchy.cycle_ps = unit.exact_ps();
  hierarchy.mac_energy_pj = unit.operation_energy_pj;
  hierarchy.counting = counting;
  hierarchy.link_transfers = link_transfers;
  const double cycle_ps = unit.exact_ps();
  for (std::size_t l = 0; l < architecture.levels.size(); ++l) {
    const StorageLevel& storage = architecture.levels[l];
    const std::int64_t children = l + 1 < architecture.levels.size()
                                      ? architecture.levels[l + 1].instances
                                      : unit.rows * unit.columns;
    Level level;
    level.name = storage.name;
    level.capacity_bits = storage.capacity_bits;
    level.instances = storage.instances;
    level.fanout = children / storage.instances;
    level.read_bits_per_cycle = storage.read_bits_per_ps * cycle_ps;
    level.write_bits_per_cycle = storage.write_bits_per_ps * cycle_ps;
    level.read_energy_pj_per_bit = storage.read_energy_pj_per_bit;
    level.write_energy_pj_per_bit = storage.write_energy_pj_per_bit;
    level.keep = keep.empty() ? kEverything : keep_mask(keep[l], storage.name);
    hierarchy.levels.push_back(level);
  }
  if (hierarchy.levels.front().keep != kEverything) {
    throw InputError("parameter 'keep': the outermost level '" +
                     std::string(architecture.levels.front().name) +
                     "' must keep \"WIO\"; the network's data comes from there");
  }
  return hierarchy;
}

std::int64_t whole_ps(double cycles, double cycle_ps) noexcept {
  const double ps = cycles * cycle_ps;
  return ps < static_cast<double>(kTimeLimitPs) ? std::llround(ps) : kTimeLimitPs;
}

bool models_energy(const Architecture& architecture) noexcept {
  const auto is_taken = [](const StorageLevel& level) {
    return level.read_energy_pj_per_bit > 0 || level.write_energy_pj_per_bit > 0;
  };
  return architecture.units.front().operation_energy_pj > 0 ||
         std::any_of(architecture.levels.begin(), architecture.levels.end(), is_taken) ||
         architecture.links.wire_energy_pj_per_word > 0 ||
         architecture.links.router_energy_pj_per_word > 0;
}

}  // namespace imbrex::loop_nest
