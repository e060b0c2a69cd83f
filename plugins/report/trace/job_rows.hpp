// The slices of jobs, server by server.
#pragma once

#include "flows.hpp"
#include "trace_text.hpp"

#include <span>
#include <string>
#include <vector>

namespace imbrex::trace {

// Where the rows of an operator go, and what they are called.
struct OperatorRows {
  std::int64_t process = 1;
  std::string name;         // quoted: what slices are called
  std::string lane_prefix;  // before "server 3"
};

// Writes jobs into `out`, every one once, on lanes with numbers of their own. [one thread]
class JobRows {
 public:
  // `jobs` and `ends`, those of `flow_ends`, must outlive it. Threads get numbers from
  // `first_thread` on.
  JobRows(const JobList& jobs, std::span<const FlowEnd> ends, std::int64_t first_thread,
          EventText& out)
      : jobs_(jobs), ends_(ends), next_thread_(first_thread), out_(out) {}

  void write(OperatorId op, const OperatorRows& rows);

 private:
  struct Slice {
    TimedJob job;
    std::size_t position = 0;
  };

  void write_server(std::span<const JobRun> runs, const OperatorRows& rows);
  void write_one_by_one(std::span<const JobRun> runs, const OperatorRows& rows);
  void write_side_by_side(std::span<const JobRun> runs, const OperatorRows& rows);
  void write_slice(const Slice& slice, Lane lane, const std::string& name);
  std::size_t begin_of(const JobRun& run) const {
    return jobs_.begin_of(static_cast<std::size_t>(&run - jobs_.runs().data()));
  }

  const JobList& jobs_;
  std::span<const FlowEnd> ends_;
  std::int64_t next_thread_;
  EventText& out_;
};

}  // namespace imbrex::trace
