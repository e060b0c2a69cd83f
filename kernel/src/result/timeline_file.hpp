// timeline.csv: when every job, or every operator, ran.
#pragma once

#include <imbrex/values/result.hpp>

#include <string>

namespace imbrex::result {

// Up to `job_limit` jobs: one row per job, "operator,server,step,start_ps,end_ps"; above: one row
// per operator, "operator,start_ps,end_ps". Operator names are quoted as RFC 4180 asks.
std::string timeline_csv(const Result& result, std::int64_t job_limit);

// A cell of a CSV file: quoted when it holds a comma, a quote or a line break.
std::string csv_cell(std::string_view text);

}  // namespace imbrex::result
