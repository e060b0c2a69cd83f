#include "result/timeline_file.hpp"

#include <iterator>

#include <fmt/format.h>

namespace imbrex::result {

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  }
  return quoted + "\"";
}

namespace {

std::string operator_rows(const Result& result) {
  std::string out = "operator,start_ps,end_ps\n";
  for (const OperatorResult& op : result.operators) {
    fmt::format_to(std::back_inserter(out), "{},{},{}\n", csv_cell(op.name), op.times.start_ps,
                   op.times.end_ps);
  }
  return out;
}

std::string job_rows(const Result& result) {
  std::string out = "operator,server,step,start_ps,end_ps\n";
  for (const OperatorResult& op : result.operators) {
    const std::string name = csv_cell(op.name);
    for (const TimedJob job : JobRuns(result.jobs.runs_of(op.id))) {
      fmt::format_to(std::back_inserter(out), "{},{},{},{},{}\n", name, job.server, job.step,
                     job.start_ps, job.end_ps);
    }
  }
  return out;
}

}  // namespace

std::string timeline_csv(const Result& result, std::int64_t job_limit) {
  return static_cast<std::int64_t>(result.jobs.size()) <= job_limit ? job_rows(result)
                                                                    : operator_rows(result);
}

}  // namespace imbrex::result
