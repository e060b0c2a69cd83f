#include "explain_text.hpp"

#include "command_parts.hpp"
#include "experiment/shell_word.hpp"
#include "run/wait_words.hpp"

#include <imbrex/toolkit/text/figures.hpp>
#include <imbrex/toolkit/text/table.hpp>
#include <imbrex/toolkit/text/width.hpp>

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::app {
namespace {

using experiment::Explanation;
using experiment::FoundChange;

constexpr std::size_t kPageColumns = 80;

// The words of a text in indented lines.
std::string filled(const std::string& words, std::size_t indent) {
  std::string out;
  for (const std::string& line : text::wrapped(words, kPageColumns - indent)) {
    out += line.empty() ? "" : std::string(indent, ' ') + line + "\n";
  }
  return out;
}

std::string shortened(const std::string& name, std::size_t columns) {
  return text::width(name) <= columns ? name : text::fitted(name, columns, "~");
}

class Text {
 public:
  Text(const Explanation& explanation, std::size_t layers)
      : explanation_(explanation), layers_(layers) {}

  std::string text() {
    if (explanation_.result) {
      for (const OperatorResult& op : explanation_.result->operators) {
        operators_[op.id] = &op;
      }
      out_ += fmt::format("{}: makespan {}, {}\n", explanation_.result->name,
                          text::duration(explanation_.latency_ps),
                          kExactnessNames[index(explanation_.result->exactness)]);
      binding();
      layers();
      links();
      stalls();
    } else {
      out_ += "infeasible\n" + filled(explanation_.infeasible, 2);
    }
    changes();
    return std::move(out_);
  }

 private:
  std::string share(std::int64_t time_ps) const {
    return explanation_.latency_ps > 0
               ? fmt::format("{:.1f} %", 100 * static_cast<double>(time_ps) /
                                             static_cast<double>(explanation_.latency_ps))
               : std::string("-");
  }

  std::string name_of(OperatorId id) const {
    const auto at = operators_.find(id);
    return at == operators_.end() ? std::string("?") : at->second->name;
  }

  // The operators that bound the makespan longest together, and what nobody's work accounts for.
  void binding() {
    out_ += "\nWhat bounds it\n";
    const auto& sets = explanation_.bounds.sets;
    if (!sets.empty()) {
      std::vector<std::string> names;
      for (const OperatorId op : sets.front().operators) {
        names.push_back(name_of(op));
      }
      out_ +=
          names.size() == 1
              ? fmt::format("  one layer alone for {} of the time:\n", share(sets.front().time_ps))
              : fmt::format("  {} layers tie, at work without slack together for {} of the time:\n",
                            names.size(), share(sets.front().time_ps));
      out_ += filled(fmt::format("{}", fmt::join(names, ", ")), 4);
    }
    nobody();
    segments();
  }

  // When no layer bounds the makespan.
  void nobody() {
    std::int64_t others_ps = explanation_.latency_ps;
    for (const run::CriticalSet& set : explanation_.bounds.sets) {
      others_ps -= set.time_ps;
    }
    if (others_ps > 0 && !explanation_.bounds.operators.empty()) {
      out_ += filled(
          fmt::format("no layer for {} of the time: {}", share(others_ps), nobodys_time()), 2);
    }
  }

  // A conservative analyzer may hold jobs back longer than their data takes.
  std::string nobodys_time() const {
    const Result& result = *explanation_.result;
    std::string causes =
        result.exactness == Exactness::conservative ? "waiting that the analyzer adds, " : "";
    causes += result.segments.empty() ? "" : "weights are loaded, ";
    return causes + (causes.empty() ? "" : "or ") + "data is under way";
  }

  // What surrounds the work of segments, and what runs beside it.
  void segments() {
    std::int64_t weights_ps = 0;
    std::int64_t data_ps = 0;
    std::size_t external = 0;
    std::size_t buffer = 0;
    for (const SegmentResult& segment : explanation_.result->segments) {
      weights_ps += segment.times.work_start_ps - segment.times.start_ps;
      data_ps += segment.overhead.data_ps;
      const run::SegmentBound bound = run::segment_bound(segment);
      external += bound == run::SegmentBound::external_memory ? 1 : 0;
      buffer += bound == run::SegmentBound::shared_buffer ? 1 : 0;
    }
    if (weights_ps > 0 || data_ps > 0) {
      out_ += fmt::format("  weights of segments {}, their data {} of the time\n",
                          share(weights_ps), share(data_ps));
    }
    if (external > 0 || buffer > 0) {
      out_ += fmt::format(
          "  of {} segments, {} wait for the port of the external memory, {} for "
          "the shared\n  buffer's\n",
          explanation_.result->segments.size(), external, buffer);
    }
  }

  std::vector<const run::OperatorBounds*> ranked() const {
    std::vector<const run::OperatorBounds*> rows;
    for (const run::OperatorBounds& op : explanation_.bounds.operators) {
      rows.push_back(&op);
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
      return a->critical_ps != b->critical_ps ? a->critical_ps > b->critical_ps
                                              : a->slack_ps < b->slack_ps;
    });
    return rows;
  }

  void layers() {
    const std::vector<const run::OperatorBounds*> rows = ranked();
    const std::size_t shown = layers_ == 0 ? rows.size() : std::min(layers_, rows.size());
    if (shown == 0) {
      return;
    }
    text::Table table({"LAYER", "BOUNDS", "SLACK", "COPIES", "WAITED", "FOR", "BOUND BY"},
                      "Lrrrrll");
    for (std::size_t i = 0; i < shown; ++i) {
      add_row(*rows[i], table);
    }
    out_ += "\n" + table.text(stdout_style(), 2);
    if (shown < rows.size()) {
      out_ += fmt::format("  and {} more: --layers 0\n", rows.size() - shown);
    }
  }

  void add_row(const run::OperatorBounds& op, text::Table& table) const {
    constexpr std::size_t kName = 20;
    constexpr std::size_t kPort = 13;
    std::int64_t waited_ps = 0;
    std::pair<std::int64_t, Wait> most{0, Wait::nothing};
    for (const auto& [wait, time_ps] : op.stalls_ps) {
      waited_ps += time_ps;
      most = time_ps > most.first ? std::pair(time_ps, wait) : most;
    }
    const auto at = operators_.find(op.id);
    const OperatorResult* const result = at == operators_.end() ? nullptr : at->second;
    const bool has_port = result != nullptr && result->account;
    table.row({shortened(name_of(op.id), kName), share(op.critical_ps), text::duration(op.slack_ps),
               result == nullptr ? "-" : fmt::format("{}", result->copies),
               text::duration(waited_ps), waited_ps == 0 ? "-" : cause(most.second),
               has_port ? shortened(result->account->bound_by, kPort) : "-"});
  }

  static std::string cause(Wait wait) {
    const auto words = run::wait_words(wait);
    return words.empty() ? "-" : fmt::format("{}", fmt::join(words, "+"));
  }

  // The links that carry most, where links hold anybody up.
  void links() {
    std::int64_t lengthened_ps = 0;
    std::size_t count = 0;
    for (const run::OperatorBounds& op : explanation_.bounds.operators) {
      lengthened_ps += op.links_ps;
      count += op.links_ps > 0 ? 1 : 0;
    }
    if (count > 0) {
      out_ += fmt::format("  links lengthen the jobs of {} layer{} by {} in all\n", count,
                          count == 1 ? "" : "s", text::duration(lengthened_ps));
    }
    for (const SegmentResult& segment : explanation_.result->segments) {
      if (count > 0 && segment.floor_plan) {
        const auto busiest = run::busiest_links(*segment.floor_plan);
        out_ += busiest.empty()
                    ? ""
                    : fmt::format("  segment {}: {} link{} at {:.4g} words\n",
                                  segment.times.segment, busiest.size(),
                                  busiest.size() == 1 ? "" : "s tie", busiest.front()->words);
      }
    }
  }

  void stalls() {
    std::map<Wait, std::int64_t> all_ps;
    for (const run::OperatorBounds& op : explanation_.bounds.operators) {
      for (const auto& [wait, time_ps] : op.stalls_ps) {
        all_ps[wait] += time_ps;
      }
    }
    if (all_ps.empty()) {
      return;
    }
    out_ += "\nWhat servers waited for, all together\n";
    text::Table table({"FOR", "TIME"}, "Lr");
    for (const auto& [wait, time_ps] : all_ps) {
      table.row({wait == Wait::nothing ? "not said" : cause(wait), text::duration(time_ps)});
    }
    out_ += table.text(stdout_style(), 2);
  }

  void changes() {
    out_ += explanation_.result ? "\nWhat moves it" : "\nWhat makes it feasible";
    out_ += fmt::format(", of {} changed recipe{} that ran\n", explanation_.evaluations,
                        explanation_.evaluations == 1 ? "" : "s");
    for (const FoundChange& change : explanation_.changes) {
      const std::string gain =
          fmt::format("  {:>9}{}", text::duration(change.latency_ps),
                      change.ratio > 0 ? fmt::format("  {:>7.4f}x", change.ratio) : "");
      const std::string option =
          fmt::format("{}{} {}", change.without_baseline ? "--unset baseline " : "", change.option,
                      experiment::plain_shell_word(change.setting));
      const bool fits = gain.size() + 2 + option.size() <= kPageColumns;
      out_ += fmt::format("{}{}{}\n", gain, fits ? "  " : "\n      ", option);
      reason(change);
    }
    if (explanation_.changes.empty() && explanation_.evaluations > 0) {
      out_ += "  nothing that was tried\n";
    }
    if (explanation_.interrupted) {
      out_ += "  interrupted: the rest was not tried\n";
    } else if (explanation_.out_of_tries) {
      out_ += "  the rest was not tried; --tries allows more\n";
    }
  }

  // How much more, and which layers get copies of it.
  void reason(const FoundChange& change) {
    constexpr std::size_t kShown = 8;
    std::vector<std::string> copies;
    for (std::size_t i = 0; i < std::min(kShown, change.copies.size()); ++i) {
      const experiment::CopyChange& one = change.copies[i];
      copies.push_back(fmt::format("{}:{}->{}", one.name, one.before, one.after));
    }
    if (change.copies.size() > kShown) {
      copies.push_back(fmt::format("and {} more", change.copies.size() - kShown));
    }
    const std::string more = change.step > 0 ? fmt::format("{} more", change.step) : "";
    out_ += filled(copies.empty() ? more
                                  : fmt::format("{}{}copies {}", more, more.empty() ? "" : ", ",
                                                fmt::join(copies, ", ")),
                   6);
  }

  const Explanation& explanation_;
  std::size_t layers_;
  std::map<OperatorId, const OperatorResult*> operators_;
  std::string out_;
};

}  // namespace

std::string explanation_text(const Explanation& explanation, std::size_t layers) {
  return Text(explanation, layers).text();
}

}  // namespace imbrex::app
