#include "bottleneck_view.hpp"

#include "bounds.hpp"

#include <imbrex/toolkit/text/figures.hpp>
#include <imbrex/toolkit/text/width.hpp>

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>

namespace imbrex::terminal {
namespace {

class Bottlenecks {
 public:
  Bottlenecks(const Result& result, const text::Style& style, std::size_t rows)
      : result_(result),
        style_(style),
        bounds_(bounds_of(result)),
        shown_(rows == 0 ? bounds_.size() : std::min(rows, bounds_.size())),
        makespan_ps_(latency_ps(result.metrics)) {}

  std::string text() {
    if (bounds_.empty()) {
      return "";
    }
    table();
    ties();
    what_to_try();
    return std::move(out_);
  }

 private:
  void heading(std::string_view words) {
    out_ += fmt::format("\n{}\n", text::painted(style_, text::Paint::strong, words));
  }
  std::string fitted(std::string_view words, std::size_t columns) const {
    return text::fitted(words, columns, text::cut_mark(style_));
  }
  void paragraph(std::string_view words, std::size_t indent) {
    for (const std::string& line : text::wrapped(words, style_.columns - indent)) {
      out_ += std::string(indent, ' ') + line + "\n";
    }
  }

  void table() {
    heading("What bounds the makespan");
    constexpr std::size_t kOtherColumns = 57;  // margin, bar, share, copies, units, start, end
    constexpr std::size_t kNarrowest = 12;
    const std::size_t left = style_.columns > kOtherColumns ? style_.columns - kOtherColumns : 0;
    const std::size_t name_width = std::clamp<std::size_t>(left, kNarrowest, 32);
    out_ +=
        fmt::format("  {} {:<10} {:>6} {:>6} {:>6} {:>10} {:>10}\n", fitted("operator", name_width),
                    "share", "", "copies", "units", "start", "end");
    std::size_t hidden = 0;
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
      if (i < shown_) {
        row(bounds_[i], name_width);
      } else {
        hidden += bounds_[i].operators.size();
      }
    }
    if (hidden > 0) {
      out_ += fmt::format("  and {} more in result.json\n", hidden);
    }
  }

  std::string share(const Bound& bound) const {
    const double part = static_cast<double>(bound.critical_ps) / static_cast<double>(makespan_ps_);
    return fmt::format("{} {:>4.1f} %", text::bar(style_, part, 10), 100 * part);
  }

  std::string_view movement_name() const {
    const bool adds_waiting = result_.exactness == Exactness::conservative;
    return result_.segments.empty() ? (adds_waiting ? "waiting or data" : "data movement")
                                    : (adds_waiting ? "waits, weights, data" : "weights and data");
  }

  void row(const Bound& bound, std::size_t name_width) {
    if (bound.is_movement()) {
      out_ += fmt::format("  {} {} {:>25}\n", fitted(movement_name(), name_width), share(bound),
                          text::duration(bound.critical_ps));
      if (result_.exactness == Exactness::conservative) {
        paragraph("waiting that the analyzer adds, or data under way", 4);
      }
      return;
    }
    const std::size_t count = bound.operators.size();
    const std::string name =
        count == 1 ? bound.operators.front()->name : fmt::format("{} layers tie", count);
    operators_row(bound, fitted(name, name_width));
    if (count > 1) {
      names(bound);
    }
  }

  // Copies as one number where all have as many; units of all of them.
  void operators_row(const Bound& bound, const std::string& name) {
    const auto& all = bound.operators;
    const auto [least, most] = std::minmax_element(
        all.begin(), all.end(),
        [](const OperatorResult* a, const OperatorResult* b) { return a->copies < b->copies; });
    std::int64_t units = 0;
    std::int64_t idle = 0;
    std::int64_t start_ps = all.front()->times.start_ps;
    std::int64_t end_ps = all.front()->times.end_ps;
    for (const OperatorResult* op : all) {
      units += op->copies * op->units_per_copy;
      idle += op->idle_copies;
      start_ps = std::min(start_ps, op->times.start_ps);
      end_ps = std::max(end_ps, op->times.end_ps);
    }
    const std::string copies = (*least)->copies == (*most)->copies
                                   ? fmt::format("{}", (*least)->copies)
                                   : fmt::format("{}-{}", (*least)->copies, (*most)->copies);
    out_ += fmt::format("  {} {} {:>6} {:>6} {:>10} {:>10}{}\n", name, share(bound), copies, units,
                        text::duration(start_ps), text::duration(end_ps),
                        idle > 0 ? fmt::format("  {} copies idle", idle) : "");
  }

  void names(const Bound& bound) {
    constexpr std::size_t kShown = 12;
    std::string list;
    for (std::size_t i = 0; i < bound.operators.size() && i < kShown; ++i) {
      list += (i == 0 ? "" : ", ") + bound.operators[i]->name;
    }
    if (bound.operators.size() > kShown) {
      list += fmt::format(" and {} more", bound.operators.size() - kShown);
    }
    const std::int64_t busy_ps = bound.operators.front()->times.longest_server_ps;
    paragraph(fmt::format("{}: busy for {} each", list, text::duration(busy_ps)), 4);
  }

  std::string name_of(OperatorId id) const {
    for (const OperatorResult& op : result_.operators) {
      if (op.id == id) {
        return op.name;
      }
    }
    return "?";
  }

  // Operators that hold up another one just as long as the one on the path: making one of them
  // faster alone changes nothing.
  void ties() {
    std::set<std::string> seen;
    constexpr std::size_t kShown = 3;
    for (const CriticalStep& step : result_.critical_path) {
      if (step.ties.empty()) {
        continue;
      }
      std::string line = fmt::format("{} waits for {}, and just as long for {}", name_of(step.op),
                                     name_of(step.cause), name_of(step.ties.front()));
      if (step.ties.size() > 1) {
        line += fmt::format(" and {} more", step.ties.size() - 1);
      }
      if (seen.insert(line).second && seen.size() <= kShown) {
        paragraph(line, 2);
      }
    }
    if (seen.size() > kShown) {
      out_ += fmt::format("  and {} more ties in result.json\n", seen.size() - kShown);
    }
  }

  void what_to_try() {
    const std::vector<std::string> lines = remedies(result_, bounds_);
    if (lines.empty()) {
      return;
    }
    heading("What to try");
    for (const std::string& line : lines) {
      paragraph(line, 2);
    }
  }

  const Result& result_;
  const text::Style& style_;
  std::vector<Bound> bounds_;
  std::size_t shown_;
  std::int64_t makespan_ps_;
  std::string out_;
};

}  // namespace

std::string bottlenecks(const Result& result, const text::Style& style, std::size_t rows) {
  return Bottlenecks(result, style, rows).text();
}

}  // namespace imbrex::terminal
