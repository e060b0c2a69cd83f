// Who sits where on the array, and which links between elements carry most.
#include "figure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

namespace imbrex::svg {
namespace {

constexpr std::string_view kInk = "#000";

std::int64_t duration_ps(const SegmentResult& segment) {
  return segment.times.end_ps - segment.times.start_ps;
}

// The one that is asked for, or the longest that shares the array; null where there is none.
const SegmentResult* segment_of(const Result& result, std::int64_t number) {
  const SegmentResult* found = nullptr;
  for (const SegmentResult& segment : result.segments) {
    if (!segment.floor_plan) {
      continue;
    }
    const bool is_meant = number == segment.times.segment;
    const bool is_longer = number < 0 && segment.floor_plan->stages.size() > 1 &&
                           (found == nullptr || duration_ps(segment) > duration_ps(*found));
    found = is_meant || is_longer ? &segment : found;
  }
  return found;
}

class Plan {
 public:
  Plan(const Result& result, const SegmentResult& segment, const Options& options)
      : result_(result),
        segment_(segment),
        plan_(*segment.floor_plan),
        options_(options),
        drawing_(from_pt(options.font_pt)),
        width_(from_mm(options.width_mm)) {
    const std::int32_t columns = std::max(plan_.layout.columns, 1);
    const Coordinate beside = drawing_.font_size() / 2;
    left_ = beside;
    cell_ = std::max<Coordinate>((width_ - 2 * beside) / columns, 1);
    y_ = beside + cell_ * plan_.layout.rows;
  }

  std::string run() {
    draw_stages();
    draw_links();
    draw_legend();
    return drawing_.finish(
        options_.width_mm, width_, y_ + drawing_.font_size() / 2,
        fmt::format("{}: floor plan of segment {}", result_.name, segment_.times.segment),
        fmt::format("{} operators on {} x {} elements, {}.", plan_.stages.size(), plan_.layout.rows,
                    plan_.layout.columns, plan_.topology));
  }

 private:
  Coordinate x(std::int32_t column) const { return left_ + cell_ * column; }
  Coordinate top(std::int32_t row) const { return left_ + cell_ * row; }

  // Elements of a stage that sit side by side are one rectangle.
  void draw_stages() {
    const SpatialLayout& layout = plan_.layout;
    std::vector<std::string> commands(plan_.stages.size());
    for (std::int32_t row = 0; row < layout.rows; ++row) {
      for (std::int32_t column = 0; column < layout.columns;) {
        const std::int16_t stage = layout.at(row, column);
        std::int32_t end = column;
        while (end < layout.columns && layout.at(row, end) == stage) {
          ++end;
        }
        if (stage >= 0 && static_cast<std::size_t>(stage) < commands.size()) {
          commands[static_cast<std::size_t>(stage)] +=
              rectangle({x(column), top(row), cell_ * (end - column), cell_});
        }
        column = end;
      }
    }
    for (std::size_t i = 0; i < commands.size(); ++i) {
      drawing_.path(commands[i], ground(i), plan_.stages[i]);
    }
    draw_grid();
  }

  // Between elements that are large enough to be told apart.
  void draw_grid() {
    if (cell_ < 3 * kPoint) {
      return;
    }
    std::string lines;
    for (std::int32_t row = 1; row < plan_.layout.rows; ++row) {
      lines += fmt::format("M{} {}H{}", points(left_), points(top(row)),
                           points(x(plan_.layout.columns)));
    }
    for (std::int32_t column = 1; column < plan_.layout.columns; ++column) {
      lines += fmt::format("M{} {}V{}", points(x(column)), points(left_),
                           points(top(plan_.layout.rows)));
    }
    if (!lines.empty()) {
      drawing_.stroke(lines, "#fff", std::min<Coordinate>(cell_ / 12, kPoint / 2));
    }
  }

  // Links with more than a quarter, a half, three quarters of the words of the most loaded one:
  // the more, the thicker.
  void draw_links() {
    for (const FloorPlanResult::Load& load : plan_.links) {
      most_words_ = std::max(most_words_, load.words);
    }
    std::array<std::string, 3> commands;
    for (const FloorPlanResult::Load& load : plan_.links) {
      const double quarters = std::ceil(4 * load.words / most_words_ - 1e-9);
      const bool is_inside =
          std::max(load.link.from, load.link.to) < plan_.layout.rows * plan_.layout.columns;
      if (is_inside && quarters >= 2) {
        commands[static_cast<std::size_t>(std::min(quarters, 4.0)) - 2] += wire(load.link);
      }
    }
    for (std::size_t i = 0; i < commands.size(); ++i) {
      has_links_ = has_links_ || !commands[i].empty();
      if (!commands[i].empty()) {
        drawing_.stroke(commands[i], kInk, link_width(i), link_text(i));
      }
    }
  }
  Coordinate link_width(std::size_t shade) const {
    return std::clamp<Coordinate>(cell_ / 12, 10, 50) * static_cast<Coordinate>(1 + 2 * shade) / 2;
  }
  static std::string link_text(std::size_t shade) {
    constexpr std::string_view kTexts[] = {"25 %", "50 %", "75 %"};
    return std::string(kTexts[shade]);
  }

  // Beside the middles, so that the two directions lie apart; long wires in a bow.
  std::string wire(const Link& link) const {
    const std::int32_t columns = plan_.layout.columns;
    const std::int32_t rows[] = {link.from / columns, link.to / columns};
    const std::int32_t places[] = {link.from % columns, link.to % columns};
    const bool in_row = rows[0] == rows[1];
    const bool is_forward = link.to > link.from;
    const Coordinate aside = (is_forward ? -1 : 1) * cell_ / 6;
    const auto middle = [this](std::int32_t row, std::int32_t column) {
      return std::pair(x(column) + cell_ / 2, top(row) + cell_ / 2);
    };
    auto [x0, y0] = middle(rows[0], places[0]);
    auto [x1, y1] = middle(rows[1], places[1]);
    (in_row ? y0 : x0) += aside;
    (in_row ? y1 : x1) += aside;
    if (link.pitches <= 1) {
      return fmt::format("M{} {}L{} {}", points(x0), points(y0), points(x1), points(y1));
    }
    const Coordinate bow = (is_forward ? -1 : 1) * cell_ * 2 / 3;
    return fmt::format("M{} {}Q{} {} {} {}", points(x0), points(y0),
                       points((x0 + x1) / 2 + (in_row ? 0 : bow)),
                       points((y0 + y1) / 2 + (in_row ? bow : 0)), points(x1), points(y1));
  }

  // Entries side by side as far as they have room.
  void draw_legend() {
    legend_x_ = left_;
    const Coordinate font = drawing_.font_size();
    y_ += font * 14 / 10;
    for (std::size_t i = 0; i < plan_.stages.size(); ++i) {
      const Coordinate at = legend_entry(plan_.stages[i]);
      drawing_.path(rectangle({at, y_ - font * 7 / 10, font, font * 7 / 10}), ground(i));
    }
    if (!has_links_) {
      return;
    }
    legend_x_ = left_;
    y_ += font * 14 / 10;
    constexpr std::string_view kBefore = "links with over";
    drawing_.text(left_, y_, kBefore, Anchor::start);
    legend_x_ += text_width(kBefore, font) + font / 2;
    for (std::size_t i = 0; i < 3; ++i) {
      const Coordinate at = legend_entry(link_text(i));
      drawing_.stroke(
          fmt::format("M{} {}h{}", points(at), points(y_ - font * 35 / 100), points(font)), kInk,
          link_width(i));
    }
    drawing_.text(legend_x_, y_, fmt::format("of {:.0f} words", most_words_), Anchor::start);
  }

  // Writes the text and says where its sample goes.
  Coordinate legend_entry(std::string_view text) {
    const Coordinate font = drawing_.font_size();
    const Coordinate room = width_ - left_ - font * 2;
    const std::string shown = fitted(text, room, font);
    const Coordinate needs = font * 13 / 10 + text_width(shown, font);
    if (legend_x_ > left_ && legend_x_ + needs > width_) {
      legend_x_ = left_;
      y_ += font * 14 / 10;
    }
    const Coordinate at = legend_x_;
    drawing_.text(at + font * 13 / 10, y_, shown, Anchor::start);
    legend_x_ += needs + font * 8 / 10;
    return at;
  }

  const Result& result_;
  const SegmentResult& segment_;
  const FloorPlanResult& plan_;
  const Options& options_;
  Drawing drawing_;
  Coordinate width_;
  Coordinate left_ = 0;
  Coordinate cell_ = 0;
  Coordinate y_ = 0;
  Coordinate legend_x_ = 0;
  double most_words_ = 0;
  bool has_links_ = false;
};

}  // namespace

std::string floor_plan(const Result& result, const Options& options) {
  const SegmentResult* const segment = segment_of(result, options.segment);
  if (segment != nullptr) {
    return Plan(result, *segment, options).run();
  }
  const Coordinate font = from_pt(options.font_pt);
  Drawing drawing(font);
  drawing.text(font / 2, font * 3 / 2, "no floor plan in this result", Anchor::start);
  return drawing.finish(options.width_mm, from_mm(options.width_mm), font * 2,
                        result.name + ": floor plan", "There is none.");
}

}  // namespace imbrex::svg
