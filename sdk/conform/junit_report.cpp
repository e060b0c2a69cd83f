#include "reports.hpp"

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// JUnit knows failures, errors and skipped tests.
std::string verdict_xml(const Entry& entry) {
  const Finding& finding = entry.outcome.finding;
  const std::string text = escaped(finding.text);
  switch (finding.status) {
    case Status::passed:
      return "";
    case Status::warned:
      return fmt::format("      <system-out>{}</system-out>\n", text);
    case Status::skipped:
      return fmt::format("      <skipped message=\"{}\"/>\n", text);
    case Status::failed:
      return fmt::format("      <failure message=\"{}\">{}</failure>\n", text,
                         escaped(entry.outcome.output));
    case Status::crashed:
    case Status::timed_out:
      break;
  }
  return fmt::format("      <error type=\"{}\" message=\"{}\">{}</error>\n",
                     name_of(finding.status), text, escaped(entry.outcome.output));
}

std::string suite_xml(const LibraryReport& report) {
  const auto counts = count_statuses({report});
  std::string out = fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
      escaped(report.library.filename().string()), report.entries.size(),
      counts[index(Status::failed)],
      counts[index(Status::crashed)] + counts[index(Status::timed_out)],
      counts[index(Status::skipped)]);
  for (const Entry& entry : report.entries) {
    const std::string of = entry.component.empty() ? "library" : entry.component;
    out += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", escaped(of),
                       entry.check->id, entry.outcome.seconds);
    const std::string verdict = verdict_xml(entry);
    out += verdict.empty() ? "/>\n" : ">\n" + verdict + "    </testcase>\n";
  }
  return out + "  </testsuite>\n";
}

}  // namespace

std::string junit_report(const Reports& reports) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const LibraryReport& report : reports) {
    out += suite_xml(report);
  }
  return out + "</testsuites>\n";
}

}  // namespace imbrex::conform
