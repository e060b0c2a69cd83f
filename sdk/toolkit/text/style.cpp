#include <imbrex/toolkit/text/style.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include <fmt/color.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace imbrex::text {
namespace {

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// POSIX: the first of these that is set decides.
bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string value(environment(name));
    if (value.empty()) {
      continue;
    }
    std::transform(value.begin(), value.end(), value.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

fmt::text_style style_of(Paint paint) {
  switch (paint) {
    case Paint::strong:
      return fmt::emphasis::bold;
    case Paint::faint:
      return fmt::emphasis::faint;
    case Paint::error:
      return fmt::emphasis::bold | fmt::fg(fmt::terminal_color::red);
    case Paint::warning:
      return fmt::emphasis::bold | fmt::fg(fmt::terminal_color::yellow);
    case Paint::note:
      return fmt::fg(fmt::terminal_color::cyan);
    case Paint::good:
      return fmt::emphasis::bold | fmt::fg(fmt::terminal_color::green);
  }
  return {};
}

}  // namespace

int terminal_columns(int file) noexcept {
  if (isatty(file) == 0) {
    return 0;
  }
  constexpr int kUsualColumns = 80;
  winsize size{};
  return ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsualColumns;
}

Style detect_style(int columns) {
  Style style;
  if (columns <= 0) {
    return style;
  }
  constexpr int kNarrowest = 40;
  style.columns = static_cast<std::size_t>(std::max(columns, kNarrowest));
  style.unicode = locale_is_utf8();
  style.colour = environment("NO_COLOR").empty() && environment("TERM") != "dumb";
  style.is_terminal = true;
  return style;
}

Style style_of_file(int file) {
  return detect_style(terminal_columns(file));
}

std::string painted(const Style& style, Paint paint, std::string_view text) {
  return style.colour ? fmt::format(style_of(paint), "{}", text) : std::string(text);
}

std::string_view cut_mark(const Style& style) noexcept {
  return style.unicode ? "…" : "~";
}

}  // namespace imbrex::text
