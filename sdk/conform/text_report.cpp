#include "checks.hpp"
#include "reports.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr std::string_view kMargin = "             ";

std::string indented(const std::string& text) {
  std::istringstream lines(text);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    out += fmt::format("{}{}\n", kMargin, line);
  }
  return out;
}

std::string entry_text(const Entry& entry) {
  const Finding& finding = entry.outcome.finding;
  std::string out = fmt::format("  {:<9}  {}\n", name_of(finding.status), entry.check->id);
  if (!finding.text.empty()) {
    out += indented(finding.text);
  }
  if (!is_red(finding.status)) {
    return out;
  }
  out += indented("asked: " + std::string(entry.check->question));
  if (!entry.outcome.output.empty()) {
    out += indented("written meanwhile:\n" + entry.outcome.output);
  }
  if (entry.check->draws) {
    out += indented(fmt::format("again: --only '{}' --seed {}", entry.check->id, entry.seed));
  }
  return out;
}

std::string library_text(const LibraryReport& report, bool brief) {
  std::string out = report.library.filename().string() + "\n";
  std::string component;
  for (const Entry& entry : report.entries) {
    if (brief && entry.outcome.finding.status == Status::passed) {
      continue;
    }
    if (entry.component != component) {
      component = entry.component;
      out += component + "\n";
    }
    out += entry_text(entry);
  }
  if (report.fuzz_rounds > 0) {
    out += fmt::format("{} rounds of other problems\n", report.fuzz_rounds);
  }
  return out;
}

}  // namespace

std::array<std::int64_t, 6> count_statuses(const Reports& reports) {
  std::array<std::int64_t, 6> counts{};
  for (const LibraryReport& report : reports) {
    for (const Entry& entry : report.entries) {
      ++counts[index(entry.outcome.finding.status)];
    }
  }
  return counts;
}

bool any_red(const Reports& reports) {
  return std::any_of(reports.begin(), reports.end(), [](const LibraryReport& report) {
    return std::any_of(report.entries.begin(), report.entries.end(),
                       [](const Entry& entry) { return is_red(entry.outcome.finding.status); });
  });
}

std::string text_report(const Reports& reports, bool brief) {
  std::string out;
  for (const LibraryReport& report : reports) {
    out += library_text(report, brief);
  }
  const auto counts = count_statuses(reports);
  std::string sums;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0) {
      sums += fmt::format("{}{} {}", sums.empty() ? "" : ", ", counts[i], kStatusNames[i]);
    }
  }
  return out + (sums.empty() ? "no check was asked" : sums) + "\n";
}

std::string check_list() {
  std::string out;
  for (const Check* const check : all_checks()) {
    out += fmt::format("{:<34} {}\n", check->id, check->question);
  }
  return out;
}

}  // namespace imbrex::conform
