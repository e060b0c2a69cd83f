#include "trace_text.hpp"

#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace imbrex::trace {
namespace {

// A double holds all of these exactly, and they are enough to see what changes.
constexpr double kCounterSteps = 1000;

}  // namespace

std::string microseconds(std::int64_t time_ps) {
  constexpr std::int64_t kPsPerUs = 1'000'000;
  std::string text = fmt::format("{}.{:06}", time_ps / kPsPerUs, time_ps % kPsPerUs);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') {
    text.pop_back();
  }
  return text;
}

void EventText::start_event(std::string_view phase, Lane lane) {
  out_ += is_first_ ? "" : ",\n";
  is_first_ = false;
  fmt::format_to(std::back_inserter(out_), R"({{"ph":"{}","pid":{},"tid":{})", phase, lane.process,
                 lane.thread);
}

void EventText::name_process(std::int64_t process, std::string_view name, std::string_view label) {
  const Lane any{process, process};
  const auto out = [this] { return std::back_inserter(out_); };
  start_event("M", any);
  fmt::format_to(out(), R"(,"name":"process_name","args":{{"name":{}}}}})", name);
  start_event("M", any);
  fmt::format_to(out(), R"(,"name":"process_sort_index","args":{{"sort_index":{}}}}})", process);
  if (!label.empty()) {
    start_event("M", any);
    fmt::format_to(out(), R"(,"name":"process_labels","args":{{"labels":{}}}}})", label);
  }
}

void EventText::name_lane(Lane lane, std::string_view name) {
  start_event("M", lane);
  fmt::format_to(std::back_inserter(out_), R"(,"name":"thread_name","args":{{"name":{}}}}})", name);
  start_event("M", lane);
  fmt::format_to(std::back_inserter(out_),
                 R"(,"name":"thread_sort_index","args":{{"sort_index":{}}}}})", lane.thread);
}

void EventText::begin(Lane lane, std::int64_t start_ps, std::string_view name,
                      std::string_view category, std::string_view arguments) {
  start_event("B", lane);
  end_event(start_ps, name, category, arguments);
}

void EventText::instant(Lane lane, std::int64_t time_ps, std::string_view name,
                        std::string_view category, std::string_view arguments) {
  start_event("i", lane);
  out_ += R"(,"s":"t")";
  end_event(time_ps, name, category, arguments);
}

void EventText::end_event(std::int64_t time_ps, std::string_view name, std::string_view category,
                          std::string_view arguments) {
  fmt::format_to(std::back_inserter(out_), R"(,"ts":{},"cat":{},"name":{},"args":{}}})",
                 microseconds(time_ps), category, name, arguments);
}

void EventText::end(Lane lane, std::int64_t end_ps, std::string_view name,
                    std::string_view arguments) {
  start_event("E", lane);
  fmt::format_to(std::back_inserter(out_), R"(,"ts":{},"name":{},"args":{}}})",
                 microseconds(end_ps), name, arguments);
}

void EventText::flow(std::string_view phase, Lane lane, std::int64_t time_ps, std::int64_t id,
                     std::string_view category, std::string_view binding) {
  start_event(phase, lane);
  fmt::format_to(std::back_inserter(out_), R"(,"ts":{},"id":{},"cat":{},"name":{}{}}})",
                 microseconds(time_ps), id, category, category, binding);
}

void EventText::flow_out(Lane lane, std::int64_t time_ps, std::int64_t id,
                         std::string_view category) {
  flow("s", lane, time_ps, id, category, "");
}

void EventText::flow_in(Lane lane, std::int64_t time_ps, std::int64_t id,
                        std::string_view category) {
  flow("f", lane, time_ps, id, category, R"(,"bp":"e")");
}

void EventText::counter(std::int64_t process, std::int64_t time_ps, std::string_view name,
                        double value) {
  start_event("C", {process, process});
  const auto steps = static_cast<std::int64_t>(value * kCounterSteps + 0.5);
  fmt::format_to(std::back_inserter(out_), R"(,"ts":{},"name":{},"args":{{"mean":{}}}}})",
                 microseconds(time_ps), name, static_cast<double>(steps) / kCounterSteps);
}

std::string EventText::finish(std::string_view about) && {
  out_ += "\n],\"otherData\":";
  out_ += about;
  out_ += "}\n";
  return std::move(out_);
}

}  // namespace imbrex::trace
