#include "pe_array_levels.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace imbrex::pe_array {
namespace {

// What a level may have one instance per, and how many of it an array has.
struct Part {
  std::string_view name;
  std::int64_t count;
};

std::vector<Part> parts_of(const Config& config) {
  const std::int64_t pes = config.rows * config.columns;
  return {{"chip", 1},
          {"row", config.rows},
          {"column", config.columns},
          {"PE", pes},
          {"MAC", pes * config.macs_per_pe}};
}

std::int64_t count_per(const Config& config, std::string_view name) {
  for (const Part& part : parts_of(config)) {
    if (part.name == name) {
      return part.count;
    }
  }
  throw InputError("parameter 'level_per' has '" + std::string(name) +
                   "'; a level has one instance per chip, row, column, PE or MAC");
}

void require_length(std::string_view name, std::size_t length, std::size_t levels) {
  if (length != levels) {
    throw InputError("parameter '" + std::string(name) + "' has " + std::to_string(length) +
                     " entries, 'level_names' has " + std::to_string(levels) + ": one per level");
  }
}

void check_lengths(const Config& config) {
  const std::size_t levels = config.level_names.size();
  if (levels < 2) {
    throw InputError(
        "parameter 'level_names' needs at least two levels, an external memory and one on chip");
  }
  const auto optional = [&](std::string_view name, std::size_t length) {
    require_length(name, length == 0 ? levels : length, levels);
  };
  require_length("level_words", config.level_words.size(), levels);
  require_length("level_read_words_per_cycle", config.level_read_words_per_cycle.size(), levels);
  require_length("level_write_words_per_cycle", config.level_write_words_per_cycle.size(), levels);
  optional("level_per", config.level_per.size());
  optional("level_latency_cycles", config.level_latency_cycles.size());
  optional("level_energy_pj_per_word", config.level_energy_pj_per_word.size());
  optional("level_write_energy_pj_per_word", config.level_write_energy_pj_per_word.size());
  if (config.level_instances.size() > levels) {
    require_length("level_instances", config.level_instances.size(), levels);
  }
}

std::int64_t stated(const Config& config, std::size_t level) noexcept {
  return level < config.level_instances.size() ? config.level_instances[level] : 0;
}

// What the array's shape makes of a level inside one of `outside` instances.
std::int64_t following(const Config& config, std::size_t level, std::int64_t outside) {
  if (!config.level_per.empty()) {
    return count_per(config, config.level_per[level]);
  }
  return level + 1 == config.level_names.size() ? config.rows * config.columns : outside;
}

// A level of no particular part of the array is suspicious, and so is a last one, at the MACs, of
// which there is one per row or column only.
bool is_expected(const Config& config, std::size_t level, std::int64_t instances) {
  if (!config.level_per.empty()) {
    return instances == count_per(config, config.level_per[level]);
  }
  const bool is_last = level + 1 == config.level_names.size();
  const std::vector<Part> parts = parts_of(config);
  return std::any_of(parts.begin(), parts.end(), [&](const Part& part) {
    return part.count == instances && !(is_last && (part.name == "row" || part.name == "column"));
  });
}

void check_division(const Config& config, const std::vector<std::int64_t>& instances) {
  for (std::size_t l = 0; l < instances.size(); ++l) {
    const bool is_last = l + 1 == instances.size();
    const std::int64_t next =
        is_last ? config.rows * config.columns * config.macs_per_pe : instances[l + 1];
    if (next % instances[l] != 0) {
      const std::int64_t instead = following(config, l, l > 0 ? instances[l - 1] : 1);
      throw InputError(
          "level '" + config.level_names[l] + "' has " + std::to_string(instances[l]) +
          " instances, which do not divide the " + std::to_string(next) +
          (is_last ? std::string(" MACs of the array")
                   : " of '" + config.level_names[l + 1] + "'") +
          (instead != instances[l] && next % instead == 0
               ? "; left out of 'level_instances', " + std::to_string(instead) + " would follow"
               : std::string()));
    }
  }
}

// Errors: InputError naming the parameter when so many units are more than can be counted exactly.
std::int64_t counted(std::string_view parameter, const std::string& level, double units,
                     std::string_view unit) {
  constexpr double kMost = 9007199254740992;  // 2^53
  if (!(units < kMost)) {
    throw InputError("parameter '" + std::string(parameter) + "' makes 2^53 " + std::string(unit) +
                     " or more of level '" + level + "'; there must be fewer");
  }
  return std::llround(units);
}

}  // namespace

std::vector<std::int64_t> instances_of(const Config& config) {
  check_lengths(config);
  std::vector<std::int64_t> instances;
  for (std::size_t l = 0; l < config.level_names.size(); ++l) {
    const std::int64_t given = stated(config, l);
    instances.push_back(given > 0 ? given : following(config, l, l > 0 ? instances.back() : 1));
  }
  check_division(config, instances);
  return instances;
}

std::string instances_warning(const Config& config) {
  std::string list;
  std::int64_t outside = 1;
  for (std::size_t l = 0; l < config.level_names.size(); ++l) {
    const std::int64_t given = stated(config, l);
    if (given > 0 && !is_expected(config, l, given)) {
      list += (list.empty() ? "" : "; ") + std::string("level '") + config.level_names[l] +
              "' has " + std::to_string(given) + (given == 1 ? " instance, " : " instances, ") +
              std::to_string(following(config, l, outside)) + " would follow";
    }
    outside = given > 0 ? given : following(config, l, outside);
  }
  if (list.empty()) {
    return list;
  }
  return "'level_instances' is not what an array of " + std::to_string(config.rows) + " x " +
         std::to_string(config.columns) + " PEs of " + std::to_string(config.macs_per_pe) +
         (config.macs_per_pe == 1 ? " MAC" : " MACs") + " has: " + list +
         "; leave entries out, or 0, to follow the array, or state 'level_per'";
}

std::vector<StorageLevel> levels_of(const Config& config) {
  const std::vector<std::int64_t> instances = instances_of(config);
  const double cycle_ps = config.cycle_ns * 1000;
  const auto bits = static_cast<double>(config.word_bits);
  const auto at = [](const std::vector<double>& list, std::size_t l) {
    return list.empty() ? 0 : list[l];
  };
  std::vector<StorageLevel> levels;
  for (std::size_t l = 0; l < instances.size(); ++l) {
    StorageLevel level;
    level.name = config.level_names[l];
    level.instances = instances[l];
    level.capacity_bits = counted("level_words", config.level_names[l],
                                  static_cast<double>(config.level_words[l]) * bits, "bits");
    level.access_ps = counted("level_latency_cycles", config.level_names[l],
                              at(config.level_latency_cycles, l) * cycle_ps, "picoseconds");
    level.read_bits_per_ps = config.level_read_words_per_cycle[l] * (bits / cycle_ps);
    level.write_bits_per_ps = config.level_write_words_per_cycle[l] * (bits / cycle_ps);
    const double read_pj = at(config.level_energy_pj_per_word, l);
    level.read_energy_pj_per_bit = read_pj / bits;
    level.write_energy_pj_per_bit = config.level_write_energy_pj_per_word.empty()
                                        ? level.read_energy_pj_per_bit
                                        : config.level_write_energy_pj_per_word[l] / bits;
    level.provenance = "the recipe; defaults are assumptions";
    levels.push_back(level);
  }
  return levels;
}

}  // namespace imbrex::pe_array
