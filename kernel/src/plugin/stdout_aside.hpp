// Standard output while components work. What they write there, and no component may, must not mix
// into what the command prints, which a program may be reading.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace imbrex::plugin {

// While one lives, standard output of the process is a nameless file in memory, and every line of
// it is told of whoever wrote it: so that nobody has to read along for a component to go on. One at
// a time; where there is no such file, everything goes to stderr as it is. [any thread]
class StdoutAside {
 public:
  using Tell = std::function<void(std::string_view who, std::string_view line)>;
  StdoutAside(std::string who, Tell tell);
  ~StdoutAside();
  StdoutAside(const StdoutAside&) = delete;
  StdoutAside& operator=(const StdoutAside&) = delete;

  // What was written until now is told; what follows is of `who`. Returns who it was before.
  std::string hand_to(std::string who);
  // Tells whole lines that are there.
  void tell_lines();

 private:
  void tell_new(bool also_unfinished);
  void tell_line(std::string_view line);

  std::mutex mutex_;
  std::string who_;
  Tell tell_;
  int usual_ = -1;  // where standard output went before
  int file_ = -1;
  std::int64_t read_ = 0;  // bytes of the file
  std::string unfinished_;
  std::int64_t told_ = 0;  // lines
};

}  // namespace imbrex::plugin
