#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/extents/bounded_times.hpp>
#include <imbrex/toolkit/nests/hierarchy.hpp>
#include <imbrex/values/work_order.hpp>

#include <algorithm>

namespace imbrex::nests {
namespace {

constexpr KeepMask kEverything = 0b111;

constexpr std::string_view kLetters = "WIO";  // in the order of Role

// `accepted`: the first letters, and what they are.
struct Letters {
  std::string_view parameter;
  std::string_view accepted;
  std::string_view meaning;
};
constexpr Letters kKept{"keep", kLetters,
                        "the letters are W (weights or second operand), I (first operand) and O "
                        "(result)"};
constexpr Letters kRefetched{
    "refetch", kLetters.substr(0, 2),
    "the letters are W (weights or second operand) and I (first operand); results come back only "
    "when they are continued"};

KeepMask mask_of(const Letters& known, std::string_view letters, std::string_view level) {
  KeepMask mask = 0;
  for (const char letter : letters) {
    const std::size_t role = known.accepted.find(letter);
    if (role == std::string_view::npos) {
      throw InputError("parameter '" + std::string(known.parameter) + "': '" +
                       std::string(letters) + "' for level '" + std::string(level) + "' holds '" +
                       letter + "'; " + std::string(known.meaning));
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

void check_length(const Architecture& architecture, std::string_view parameter,
                  const std::vector<std::string>& list) {
  const std::size_t count = architecture.levels.size();
  if (!list.empty() && list.size() != count) {
    throw InputError("parameter '" + std::string(parameter) + "' has " +
                     std::to_string(list.size()) + " entries, the architecture has " +
                     std::to_string(count) + " levels: " + list_of_levels(architecture));
  }
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
  check_length(architecture, "keep", keep);
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
    level.name_with_sums = std::string(storage.name) + " with partial sums";
    level.capacity_bits = storage.capacity_bits;
    level.instances = storage.instances;
    level.fanout = children / storage.instances;
    level.read_bits_per_cycle = storage.read_bits_per_ps * cycle_ps;
    level.write_bits_per_cycle = storage.write_bits_per_ps * cycle_ps;
    level.read_energy_pj_per_bit = storage.read_energy_pj_per_bit;
    level.write_energy_pj_per_bit = storage.write_energy_pj_per_bit;
    level.keep = keep.empty() ? kEverything : mask_of(kKept, keep[l], storage.name);
    hierarchy.levels.push_back(level);
  }
  if (hierarchy.levels.front().keep != kEverything) {
    throw InputError("parameter 'keep': the outermost level '" +
                     std::string(architecture.levels.front().name) +
                     "' must keep \"WIO\"; the network's data comes from there");
  }
  return hierarchy;
}

void add_latencies(const Architecture& architecture, const Latencies& latencies,
                   Hierarchy& hierarchy) {
  check_length(architecture, "refetch", latencies.refetch);
  for (std::size_t l = 0; l < hierarchy.levels.size(); ++l) {
    Level& level = hierarchy.levels[l];
    level.access_cycles =
        static_cast<double>(architecture.levels[l].access_ps) / hierarchy.cycle_ps;
    level.refetch = latencies.refetch.empty()
                        ? KeepMask{0}
                        : mask_of(kRefetched, latencies.refetch[l], level.name);
    if (l == 0 && level.refetch != 0) {
      throw InputError("parameter 'refetch': the outermost level '" + std::string(level.name) +
                       "' fetches from nowhere; its entry must be \"\"");
    }
    if ((level.refetch & ~level.keep) != 0) {
      throw InputError("parameter 'refetch': '" + latencies.refetch[l] + "' for level '" +
                       std::string(level.name) +
                       "' holds a letter that 'keep' does not: what a "
                       "level does not hold it does not fetch");
    }
    hierarchy.refetches = hierarchy.refetches || level.refetch != 0;
    hierarchy.has_latencies = hierarchy.has_latencies || level.access_cycles > 0;
  }
  if (hierarchy.refetches && hierarchy.link_transfers) {
    throw InputError(
        "parameters 'refetch' and 'link_transfers' exclude each other: what neighbours "
        "hand on is not fetched anew");
  }
  hierarchy.fill_drain_steps = latencies.fill_drain_steps;
  hierarchy.buffering = latencies.buffering;
  hierarchy.pass_level = shared_levels(hierarchy, architecture.resources.front().count) - 1;
  hierarchy.has_latencies = hierarchy.has_latencies || hierarchy.fill_drain_steps > 0 ||
                            hierarchy.buffering == Buffering::in_step;
}

Hierarchy hierarchy_of(const Architecture& architecture, const NestCounting& counting) {
  Hierarchy hierarchy =
      hierarchy_of(architecture, counting.keep,
                   counting.exact ? Counting::exact : Counting::timeloop, counting.link_transfers);
  add_latencies(architecture,
                {counting.refetch, static_cast<double>(counting.fill_drain_steps),
                 counting.in_step ? Buffering::in_step : Buffering::ideal},
                hierarchy);
  return hierarchy;
}

std::size_t shared_levels(const Hierarchy& hierarchy, std::int64_t elements) noexcept {
  std::size_t shared = 1;
  while (shared + 1 < hierarchy.levels.size() && hierarchy.levels[shared].instances < elements) {
    ++shared;
  }
  return shared;
}

std::int64_t whole_ps(double cycles, double cycle_ps) noexcept {
  return extents::nearest_ps(cycles * cycle_ps);
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

}  // namespace imbrex::nests
