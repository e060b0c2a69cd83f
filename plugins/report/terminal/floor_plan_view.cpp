#include "floor_plan_view.hpp"

#include "link_view.hpp"

#include <imbrex/toolkit/text/figures.hpp>
#include <imbrex/toolkit/text/width.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace imbrex::terminal {
namespace {

constexpr std::string_view kStageNames = "0123456789abcdefghijklmnopqrstuvwxyz";
// Black on the colours that every terminal has, neighbours well apart.
constexpr std::array<std::string_view, 12> kStageColours = {"30;46",  "30;43",  "30;42",  "30;45",
                                                            "30;47",  "30;44",  "30;101", "30;106",
                                                            "30;103", "30;102", "30;105", "30;104"};
Glyph stage_glyph(double stage) {
  const auto s = static_cast<std::size_t>(stage);
  return {s < kStageNames.size() ? kStageNames.substr(s, 1) : "?",
          kStageColours[s % kStageColours.size()]};
}

std::int64_t work_ps(const SegmentResult& segment) {
  return std::max<std::int64_t>(
      0, segment.times.end_ps - segment.times.work_start_ps - segment.overhead.data_ps);
}

// Longest first, ties by number.
std::vector<const SegmentResult*> pipelined(const Result& result) {
  std::vector<const SegmentResult*> found;
  for (const SegmentResult& segment : result.segments) {
    if (segment.floor_plan && segment.floor_plan->stages.size() > 1) {
      found.push_back(&segment);
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const SegmentResult* a, const SegmentResult* b) {
    return a->times.end_ps - a->times.start_ps > b->times.end_ps - b->times.start_ps;
  });
  return found;
}

// What one segment looks like.
class View {
 public:
  View(const Result& result, const text::Style& style, const SegmentResult& segment,
       const ElementLinks* rate)
      : result_(result),
        style_(style),
        segment_(segment),
        plan_(*segment.floor_plan),
        links_(plan_, style),
        rate_(rate) {}

  std::string text() {
    heading();
    legend();
    maps();
    out_ += "    " + links_.scale() + links_.hottest(work_ps(segment_), rate_);
    memories();
    return std::move(out_);
  }

 private:
  std::int32_t nodes() const { return plan_.layout.rows * plan_.layout.columns; }

  void heading() {
    out_ += fmt::format("  segment {}: {} operators for {}, {} on {} x {}, {}\n",
                        segment_.times.segment, plan_.stages.size(),
                        text::duration(work_ps(segment_)), kLayoutNames[index(plan_.layout.kind)],
                        plan_.layout.rows, plan_.layout.columns, plan_.topology);
  }

  // Part of the segment's work during which the operator's elements compute.
  std::string busy(const std::string& name) const {
    const auto op = std::find_if(result_.operators.begin(), result_.operators.end(),
                                 [&](const OperatorResult& one) { return one.name == name; });
    if (op == result_.operators.end() || op->times.servers == 0 || work_ps(segment_) == 0) {
      return "";
    }
    return fmt::format("{:.1f} %", 100 * static_cast<double>(op->times.busy_ps) /
                                       static_cast<double>(op->times.servers) /
                                       static_cast<double>(work_ps(segment_)));
  }

  void legend() {
    constexpr std::size_t kOtherColumns = 38;  // margin, stage, elements, share, busy
    const std::size_t name_width = std::clamp<std::size_t>(style_.columns - kOtherColumns, 12, 40);
    out_ += fmt::format("    stage {} {:>8} {:>8} {:>8}\n",
                        text::fitted("operator", name_width, text::cut_mark(style_)), "elements",
                        "share", "busy");
    const std::vector<std::int64_t> shares = plan_.layout.shares();
    for (std::size_t s = 0; s < plan_.stages.size(); ++s) {
      const std::int64_t elements = s < shares.size() ? shares[s] : 0;
      out_ +=
          fmt::format("    {}     {} {:>8} {:>8} {:>8}\n",
                      coloured(style_, stage_glyph(static_cast<double>(s))),
                      text::fitted(plan_.stages[s], name_width, text::cut_mark(style_)), elements,
                      fmt::format("{:.1f} %", 100 * static_cast<double>(elements) /
                                                  static_cast<double>(nodes())),
                      busy(plan_.stages[s]));
    }
  }

  Grid stages() const {
    return {plan_.layout.rows,
            plan_.layout.columns,
            {plan_.layout.stage_of.begin(), plan_.layout.stage_of.end()}};
  }

  // Layouts that repeat are cut off, for a picture of the average would say nothing.
  Grid fitted(const Grid& grid, Squeeze rule) const {
    return repeats() ? cropped(grid, shown_rows(), shown_columns()) : squeezed(grid, side(), rule);
  }
  bool repeats() const {
    return plan_.layout.cell_columns > 0 && 2 * plan_.layout.cell_columns <= plan_.layout.columns;
  }
  static constexpr std::int32_t kMostRows = 64;
  std::int32_t width() const { return static_cast<std::int32_t>(picture_columns(style_)); }
  std::int32_t shown_rows() const { return std::min(plan_.layout.rows, kMostRows); }
  std::int32_t shown_columns() const { return std::min(plan_.layout.columns, width()); }
  std::int32_t side() const {
    return std::max((plan_.layout.columns + width() - 1) / width(),
                    (plan_.layout.rows + kMostRows - 1) / kMostRows);
  }

  template <class ToGlyph>
  static Picture picture(std::string title, const Grid& grid, ToGlyph to_glyph) {
    Picture out{std::move(title), grid.rows, grid.columns, {}};
    for (const double value : grid.values) {
      out.glyphs.push_back(to_glyph(value));
    }
    return out;
  }

  void maps() {
    std::vector<Picture> pictures = {
        picture("stages", fitted(stages(), Squeeze::commonest), stage_glyph)};
    if (!links_.empty()) {
      const auto shade = [this](double words) { return links_.glyph(words); };
      pictures.push_back(
          picture("links along rows", fitted(links_.loads(true), Squeeze::largest), shade));
      pictures.push_back(
          picture("links along columns", fitted(links_.loads(false), Squeeze::largest), shade));
    }
    draw_together(pictures);
    extent();
  }

  // Where not all have room side by side, the loads stay together.
  void draw_together(std::span<const Picture> pictures) {
    if (fit_side_by_side(style_, pictures)) {
      out_ += draw(style_, pictures);
    } else {
      out_ += draw(style_, pictures.first(1)) + draw(style_, pictures.subspan(1));
    }
  }

  void extent() {
    if (repeats() && (shown_rows() < plan_.layout.rows || shown_columns() < plan_.layout.columns)) {
      out_ += fmt::format("    {} x {} of {} x {} elements; cells of {} x {} repeat\n",
                          shown_rows(), shown_columns(), plan_.layout.rows, plan_.layout.columns,
                          plan_.layout.cell_rows, plan_.layout.cell_columns);
    } else if (!repeats() && side() > 1) {
      out_ += fmt::format(
          "    a character is {0} x {0} elements: commonest stage, most loaded link\n", side());
    }
  }

  void memories() {
    std::string text;
    for (const auto& [name, time_ps] : {std::pair("external", segment_.overhead.external_ps),
                                        std::pair("buffer", segment_.overhead.buffer_ps)}) {
      if (time_ps > 0 && work_ps(segment_) > 0) {
        text += fmt::format(
            "{}{} busy {:.1f} %", text.empty() ? "" : ", ", name,
            100 * static_cast<double>(time_ps) / static_cast<double>(work_ps(segment_)));
      }
    }
    out_ += text.empty() ? "" : fmt::format("    memory   {}\n", text);
  }

  const Result& result_;
  const text::Style& style_;
  const SegmentResult& segment_;
  const FloorPlanResult& plan_;
  LinkView links_;
  const ElementLinks* rate_;
  std::string out_;
};

}  // namespace

std::string floor_plans(const Result& result, const text::Style& style, std::size_t count,
                        const ElementLinks* links) {
  const std::vector<const SegmentResult*> segments = pipelined(result);
  const std::size_t shown = std::min(count, segments.size());
  if (shown == 0) {
    return "";
  }
  std::string out = fmt::format(
      "\n{}\n", text::painted(style, text::Paint::strong, "Floor plans of pipelined segments"));
  for (std::size_t i = 0; i < shown; ++i) {
    out.append(i == 0 ? "" : "\n").append(View(result, style, *segments[i], links).text());
  }
  if (shown < segments.size()) {
    out += fmt::format("  and {} more in result.json\n", segments.size() - shown);
  }
  return out;
}

}  // namespace imbrex::terminal
