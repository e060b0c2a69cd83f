#include "plugin/status_line.hpp"

#include <imbrex/toolkit/text/style.hpp>
#include <imbrex/toolkit/text/width.hpp>

#include <cstdio>

#include <unistd.h>

namespace imbrex::plugin {

StatusLine::StatusLine(ProgressMode mode, Pace pace)
    : kind_(mode == ProgressMode::none   ? Kind::silent
            : mode == ProgressMode::json ? Kind::json
            : isatty(STDERR_FILENO) == 1 ? Kind::terminal
                                         : Kind::file),
      pace_(pace) {
  if (kind_ == Kind::file) {
    next_ = Clock::now() + pace_.file;
  }
}

bool StatusLine::is_due(bool at_once) const {
  switch (kind_) {
    case Kind::silent:
      return false;
    case Kind::file:
      return Clock::now() >= next_;
    default:
      return at_once || Clock::now() >= next_;
  }
}

std::size_t StatusLine::columns() const {
  return kind_ == Kind::terminal
             ? static_cast<std::size_t>(text::terminal_columns(STDERR_FILENO) - 1)
             : 0;
}

void StatusLine::show(std::string_view line) {
  const auto now = Clock::now();
  if (kind_ == Kind::terminal) {
    const std::string_view cut = text::head(line, columns());
    std::fprintf(stderr, "\r\033[K%.*s", static_cast<int>(cut.size()), cut.data());
    is_drawn_ = true;
    next_ = now + pace_.terminal;
  } else if (kind_ != Kind::silent) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
    next_ = now + (kind_ == Kind::json ? pace_.json : pace_.file);
  }
  std::fflush(stderr);
}

void StatusLine::erase() {
  if (is_drawn_) {
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    is_drawn_ = false;
  }
}

}  // namespace imbrex::plugin
