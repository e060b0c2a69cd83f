#include "explain_lines.hpp"

#include "time_unit.hpp"

#include <sstream>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace imbrex::app {

std::string time_text(std::int64_t time_ps) {
  const auto time = static_cast<double>(time_ps);
  const TimeUnit unit = time_unit_for(time);
  return fmt::format("{:.4g} {}", time / unit.picoseconds, unit.name);
}

std::string filled(const std::string& text, std::size_t indent) {
  std::string out;
  std::string line;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!line.empty() && indent + line.size() + 1 + word.size() > kPageColumns) {
      out += std::string(indent, ' ') + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return line.empty() ? out : out + std::string(indent, ' ') + line + "\n";
}

std::string shortened(const std::string& name, std::size_t width) {
  std::vector<std::string> points;
  for (const char c : name) {
    if ((static_cast<unsigned char>(c) & 0xc0u) != 0x80u || points.empty()) {
      points.emplace_back();
    }
    points.back() += c;
  }
  if (points.size() <= width) {
    return name;
  }
  const auto tail = static_cast<std::ptrdiff_t>((width - 1) / 2);
  const auto head = static_cast<std::ptrdiff_t>(width - 1) - tail;
  return fmt::format("{}~{}", fmt::join(points.begin(), points.begin() + head, ""),
                     fmt::join(points.end() - tail, points.end(), ""));
}

}  // namespace imbrex::app
