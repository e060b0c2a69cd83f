// Events of the Chrome trace format as text, appended to one string. Only what Perfetto, speedscope
// and chrome://tracing all read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace imbrex::trace {

// A lane: a row that holds slices of which none overlaps another.
struct Lane {
  std::int64_t process = 1;
  std::int64_t thread = 1;
};

// `text` in quotation marks as JSON asks; what is not UTF-8 becomes U+FFFD.
std::string json_string(std::string_view text);

// A time in the format's microseconds, with exactly as many decimals as it takes: 1'500'000 is
// "1.5". Never rounded. Requires: time_ps >= 0.
std::string microseconds(std::int64_t time_ps);

// Writes one event per line. Arguments called `name`, `category` or `arguments` are JSON already.
//
// Slices are pairs of a begin and an end, not complete events with a duration: readers keep times
// as doubles, and a rounded start plus a rounded duration may lie behind the start of the next job,
// whereas the end of a job and the start of the next one are one text, hence one double. Both ends
// carry name and arguments, because speedscope pairs them by these.
class EventText {
 public:
  EventText() { out_ = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n"; }

  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  void name_process(std::int64_t process, std::string_view name, std::string_view label);
  void name_lane(Lane lane, std::string_view name);
  void begin(Lane lane, std::int64_t start_ps, std::string_view name, std::string_view category,
             std::string_view arguments);
  void end(Lane lane, std::int64_t end_ps, std::string_view name, std::string_view arguments);
  // What takes no time. As a slice, speedscope would not tell its end from that of the slice in
  // front of it.
  void instant(Lane lane, std::int64_t time_ps, std::string_view name, std::string_view category,
               std::string_view arguments);
  // Leaves, or reaches, the slice that begins on the lane at this time; written directly behind
  // that begin, so that readers find the slice open.
  void flow_out(Lane lane, std::int64_t time_ps, std::int64_t id, std::string_view category);
  void flow_in(Lane lane, std::int64_t time_ps, std::int64_t id, std::string_view category);
  void counter(std::int64_t process, std::int64_t time_ps, std::string_view name, double value);

  // The whole file. `about`: a JSON object. The text is moved out.
  std::string finish(std::string_view about) &&;

 private:
  void start_event(std::string_view phase, Lane lane);
  void end_event(std::int64_t time_ps, std::string_view name, std::string_view category,
                 std::string_view arguments);
  void flow(std::string_view phase, Lane lane, std::int64_t time_ps, std::int64_t id,
            std::string_view category, std::string_view binding);

  std::string out_;
  bool is_first_ = true;
};

}  // namespace imbrex::trace
