// A row per operator, a lane in it per server where there is room; the critical path through them.
#include "axis.hpp"
#include "figure.hpp"
#include "visible_spans.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace imbrex::svg {
namespace {

constexpr std::string_view kWeights = "#c8c8c8";
constexpr std::string_view kData = "#ececec";
constexpr std::string_view kLine = "#000";

class Gantt {
 public:
  Gantt(const Result& result, const Options& options)
      : result_(result),
        names_(names_of(result)),
        end_ps_(end_of(result)),
        chart_(options, names_, static_cast<double>(end_ps_), true) {}

  std::string run() {
    draw_bands();
    chart_.draw_frame(time_unit(static_cast<double>(end_ps_)), "time");
    for (std::size_t i = 0; i < result_.operators.size(); ++i) {
      draw_operator(i);
    }
    draw_critical_path();
    return chart_.finish(result_.name + ": schedule",
                         fmt::format("When each of {} operators of {} works.",
                                     result_.operators.size(), result_.workload_name));
  }

 private:
  static std::vector<std::string> names_of(const Result& result) {
    std::vector<std::string> names;
    for (const OperatorResult& op : result.operators) {
      names.push_back(op.name);
    }
    return names;
  }
  static std::int64_t end_of(const Result& result) {
    std::int64_t end_ps = 1;
    for (const OperatorResult& op : result.operators) {
      end_ps = std::max(end_ps, op.times.end_ps);
    }
    for (const SegmentResult& segment : result.segments) {
      end_ps = std::max(end_ps, segment.times.end_ps);
    }
    return end_ps;
  }
  Coordinate x(std::int64_t time_ps) const { return chart_.x(static_cast<double>(time_ps)); }

  // What surrounds the work of segments: the weights before, the data that no job overlaps behind.
  void draw_bands() {
    std::string weights;
    std::string data;
    for (const SegmentResult& segment : result_.segments) {
      const SegmentTimes& times = segment.times;
      weights += band(times.start_ps, times.work_start_ps);
      data += band(std::max(times.work_start_ps, times.end_ps - segment.overhead.data_ps),
                   times.end_ps);
    }
    draw_band(weights, kWeights, "weights");
    draw_band(data, kData, "data");
  }
  std::string band(std::int64_t from_ps, std::int64_t to_ps) const {
    const Coordinate from = x(from_ps);
    const Coordinate width = x(to_ps) - from;
    return width <= 0 ? "" : rectangle({from, chart_.top(), width, chart_.bottom() - chart_.top()});
  }
  void draw_band(const std::string& commands, std::string_view colour, std::string_view text) {
    if (!commands.empty()) {
      chart_.drawing().path(commands, colour, text);
      chart_.explain(RowChart::Sample::box, colour, text);
    }
  }

  void draw_operator(std::size_t number) {
    const OperatorResult& op = result_.operators[number];
    const Box row = chart_.row(number);
    std::string commands;
    const auto runs = result_.jobs.runs_of(op.id);
    if (runs.empty()) {
      const Coordinate from = x(op.times.start_ps);
      commands =
          rectangle({from, row.top, std::max(x(op.times.end_ps) - from, kVisible), row.height});
    }
    const auto lanes = lanes_of(runs, row.height, [this](std::int64_t t) { return x(t); });
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      const auto at = static_cast<Coordinate>(i);
      const auto count = static_cast<Coordinate>(lanes.size());
      const Coordinate top = row.height * at / count;
      const Coordinate height = row.height * (at + 1) / count - top;
      for (const Span& span : lanes[i]) {
        commands += rectangle({span.from, row.top + top, span.to - span.from, height});
      }
    }
    chart_.drawing().path(commands, colour(number), op.name);
  }

  // Along the middle of the rows, down or up where it goes on in another one.
  void draw_critical_path() {
    std::map<OperatorId, std::size_t> row_of;
    for (std::size_t i = 0; i < result_.operators.size(); ++i) {
      row_of[result_.operators[i].id] = i;
    }
    std::string commands;
    for (const CriticalStep& step : result_.critical_path) {
      const Box row = chart_.row(row_of[step.op]);
      const Coordinate y = row.top + row.height / 2;
      const std::string start = points(x(step.start_ps));
      commands += commands.empty() ? fmt::format("M{} {}", start, points(y))
                                   : fmt::format("H{}V{}", start, points(y));
      commands += "H" + points(x(step.end_ps));
    }
    if (!commands.empty()) {
      chart_.drawing().stroke(commands, kLine, kPoint * 7 / 10, "critical path");
      chart_.explain(RowChart::Sample::line, kLine, "critical path");
    }
  }

  const Result& result_;
  std::vector<std::string> names_;
  std::int64_t end_ps_;
  RowChart chart_;
};

}  // namespace

std::string gantt(const Result& result, const Options& options) {
  return Gantt(result, options).run();
}

}  // namespace imbrex::svg
