// What is kept of one point: how it ended, its numbers, and what they depend on beside the plan.
// One JSON text each; nothing in it tells when or where it ran.
#pragma once

#include <imbrex/values/result.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace imbrex::experiment {

enum class PointState : std::uint8_t {
  done,
  infeasible,  // no design fits: as final as a number
  failed,      // these run again when asked once more
  timed_out,
  crashed
};
std::string_view to_string(PointState state) noexcept;
std::optional<PointState> point_state_of(std::string_view name) noexcept;
constexpr bool is_final(PointState state) noexcept {
  return state == PointState::done || state == PointState::infeasible;
}

using Quantity = std::variant<std::int64_t, double, std::string>;

struct PointRecord {
  std::string plan_sha256;
  PointState state = PointState::failed;
  std::string message;                         // of everything but `done`
  std::string imbrex_sha256;                   // of the command and its library
  std::map<std::string, std::string> plugins;  // those that the plan needs: id -> SHA-256
  std::string plan;                            // as a recipe; relative paths start at the store
  // "latency_ps", "baseline.latency_ps", "speedup", "stage.1.FACT", in order of presentation.
  std::vector<std::pair<std::string, Quantity>> quantities;

  // By its whole name, or a fact by its own: that of the first stage that states it. Null: absent.
  const Quantity* find(std::string_view name) const noexcept;
};

// The numbers and texts of a finished run.
std::vector<std::pair<std::string, Quantity>> quantities_of(const Result& result);

std::string record_json(const PointRecord& record);
// Nothing when the text is no record of this format, whole and unharmed.
std::optional<PointRecord> read_record(std::string_view json);

// "ps", "pJ", "1/s", ... by the end of the name; empty when it has no unit there.
std::string_view unit_of(std::string_view quantity) noexcept;

enum class Direction : std::uint8_t { unknown, less_is_better, more_is_better };
// Of a quantity by its name, wherever it stands: times, energies and traffic should be small,
// rates, utilisations and speed-ups large.
Direction direction_of(std::string_view quantity) noexcept;

}  // namespace imbrex::experiment
