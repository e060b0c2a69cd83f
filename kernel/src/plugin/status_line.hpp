// The one line on stderr that says how far something is: rewritten on a terminal, now and then a
// line of its own where stderr is a file.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace imbrex::plugin {

enum class ProgressMode : std::uint8_t {
  automatic,  // for people: as stderr is a terminal or not
  json,       // for programs: a line each time
  none,
};

// Times between two lines.
struct Pace {
  std::chrono::milliseconds terminal{100};
  std::chrono::milliseconds file{5000};  // and before the first one
  std::chrono::milliseconds json{500};
};

// [one thread at a time]
class StatusLine {
 public:
  explicit StatusLine(ProgressMode mode, Pace pace = {});
  ~StatusLine() { erase(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  bool is_json() const noexcept { return kind_ == Kind::json; }
  // Enough time has passed. `at_once`: something has begun or ended, which terminals and programs
  // are told of without delay.
  bool is_due(bool at_once = false) const;
  // Columns that a line may have; 0: any number.
  std::size_t columns() const;
  // Cut to the terminal, for a line that wraps cannot be rewritten.
  void show(std::string_view line);
  // Takes the line away from the terminal.
  void erase();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Kind : std::uint8_t { silent, terminal, file, json };

  Kind kind_;
  Pace pace_;
  Clock::time_point next_;
  bool is_drawn_ = false;
};

}  // namespace imbrex::plugin
