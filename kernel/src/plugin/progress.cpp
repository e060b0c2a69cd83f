#include "plugin/progress.hpp"

#include <imbrex/toolkit/text/figures.hpp>
#include <imbrex/toolkit/text/width.hpp>

#include <cmath>
#include <vector>

#include <fmt/format.h>

namespace imbrex::plugin {
namespace {

// Below, ratios say little.
constexpr double kLeastSeconds = 0.5;
constexpr double kLeastFraction = 0.01;

// The part of an id behind its last dot.
std::string_view last_word(std::string_view id) noexcept {
  return id.substr(id.rfind('.') + 1);
}

// What stands before the colon; `brief` 1: without the seed, 2: and with the last word of the id.
std::string head_text(const Progress& progress, int brief) {
  const StagePlace& stage = progress.stage;
  std::string out;
  if (progress.seeds > 0) {
    out +=
        fmt::format("seed {} ({} of {}), ", stage.seed, progress.seeds_before + 1, progress.seeds);
  } else if (stage.number > 0 && brief == 0) {
    out += fmt::format("seed {}, ", stage.seed);
  }
  out += stage.is_baseline ? "baseline, " : "";
  out += stage.number > 0 ? fmt::format("stage {} of {}, ", stage.number, stage.count) : "";
  return out + std::string(brief < 2 ? stage.component : last_word(stage.component));
}

std::string body_text(const Progress& progress, bool with_rate) {
  std::vector<std::string> parts;
  if (progress.fraction) {
    parts.push_back(fmt::format("{:.0f} %", std::floor(*progress.fraction * 100)));
  }
  if (!progress.what.empty()) {
    parts.push_back(progress.what);
  } else if (progress.evaluations > 0) {
    parts.push_back(fmt::format("{} evaluations", progress.evaluations));
  }
  if (const auto rate = progress.per_second(); rate && with_rate) {
    parts.push_back(text::magnitude(*rate) + "/s");
  }
  if (progress.best) {
    parts.push_back("best " + objective_text(progress.stage.objective, *progress.best));
  }
  if (const auto left = progress.left_s()) {
    parts.push_back(rough_duration(*left) + " left");
  } else if (parts.empty()) {
    parts.push_back(rough_duration(progress.elapsed_s));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

std::optional<double> Progress::per_second() const noexcept {
  return evaluations > 0 && elapsed_s >= kLeastSeconds
             ? std::optional(static_cast<double>(evaluations) / elapsed_s)
             : std::nullopt;
}

std::optional<double> Progress::left_s() const noexcept {
  return fraction && *fraction >= kLeastFraction && *fraction < 1 && elapsed_s >= kLeastSeconds
             ? std::optional(elapsed_s * (1 - *fraction) / *fraction)
             : std::nullopt;
}

void ScoreBoard::clear() noexcept {
  evaluations_.store(0);
  has_best_.store(false);
}
void ScoreBoard::set_best(double objective) noexcept {
  best_.store(objective);
  has_best_.store(true);
}
std::optional<double> ScoreBoard::best() const noexcept {
  return has_best_.load() ? std::optional(best_.load()) : std::nullopt;
}

std::string objective_text(std::string_view objective, double value) {
  constexpr double kPicojoule = 1e-12;
  if (objective == "latency" || objective == "throughput") {
    return text::duration(static_cast<std::int64_t>(value)) +
           (objective == "latency" ? "" : " a sample");
  }
  return objective == "energy" ? fmt::format("{:.4g} uJ", value * 1e-6)
                               : fmt::format("{:.4g} J*s", value * kPicojoule);
}

std::string rough_duration(double seconds) {
  return seconds < 100    ? fmt::format("{:.0f} s", seconds)
         : seconds < 6000 ? fmt::format("{:.0f} min", seconds / 60)
                          : fmt::format("{:.1f} h", seconds / 3600);
}

std::string progress_text(const Progress& progress, std::size_t columns) {
  std::string line;
  for (int brief = 0; brief <= 3; ++brief) {
    line = head_text(progress, brief) + ": " + body_text(progress, brief < 3);
    if (columns == 0 || text::width(line) <= columns) {
      break;
    }
  }
  return line;
}

}  // namespace imbrex::plugin
