// Messages and progress for programs that read stderr.
#include "messages.hpp"
#include "progress_json.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

namespace imbrex::app {
namespace {

using Json = nlohmann::ordered_json;

// What is no UTF-8 is replaced: a name of a file may hold anything.
std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string message_json(const Message& message) {
  Json out;
  out["severity"] = std::string(to_string(message.severity));
  out["message"] = message.text;
  if (!message.file.empty()) {
    out["file"] = message.file;
  }
  if (message.line > 0) {
    out["line"] = message.line;
  }
  if (message.column > 0) {
    out["column"] = message.column;
  }
  if (const auto suggestion = message.suggestion()) {
    out["suggestion"] = *suggestion;
  }
  if (!message.where.empty()) {
    out["component"] = std::string(message.component());
    out["where"] = message.where;
  }
  return line_of(out);
}

std::string progress_json(const plugin::Progress& progress) {
  Json out;
  out["seed"] = progress.stage.seed;
  if (progress.seeds > 0) {
    out["seeds_over"] = progress.seeds_before;
    out["seeds"] = progress.seeds;
  }
  out["baseline"] = progress.stage.is_baseline;
  out["stage"] = progress.stage.number;
  out["stages"] = progress.stage.count;
  out["component"] = progress.stage.component;
  if (progress.fraction) {
    out["fraction"] = *progress.fraction;
  }
  if (!progress.what.empty()) {
    out["what"] = progress.what;
  }
  out["evaluations"] = progress.evaluations;
  if (const auto rate = progress.per_second()) {
    out["evaluations_per_s"] = *rate;
  }
  if (progress.best) {
    out["objective"] = progress.stage.objective;
    out["best"] = *progress.best;
  }
  out["elapsed_s"] = progress.elapsed_s;
  if (const auto left = progress.left_s()) {
    out["left_s"] = *left;
  }
  return line_of(Json{{"progress", std::move(out)}});
}

std::string sweep_progress_json(const SweepCount& count) {
  Json out;
  out["runs_over"] = count.over;
  out["runs"] = count.runs;
  out["infeasible"] = count.infeasible;
  out["failed"] = count.failed;
  out["elapsed_s"] = count.elapsed_s;
  if (count.over > 0) {
    out["left_s"] = count.left_s();
  }
  return line_of(Json{{"progress", std::move(out)}});
}

std::string log_line_json(LogLevel level, std::string_view component_id, std::string_view message) {
  Json out;
  out["severity"] = level == LogLevel::error     ? "error"
                    : level == LogLevel::warning ? "warning"
                                                 : "note";
  out["message"] = std::string(message);
  out["component"] = std::string(component_id);
  return line_of(out);
}

}  // namespace imbrex::app
