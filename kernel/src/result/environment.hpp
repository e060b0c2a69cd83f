// Where and when a run happened: the one place for such things (design section 7).
#pragma once

#include <ctime>
#include <string>
#include <string_view>

namespace imbrex::result {

inline constexpr std::string_view kEnvironmentFile = "environment.json";

struct Environment {
  std::string imbrex_version;
  std::string date_utc;  // ISO 8601
  std::string host;
  std::string operating_system;  // kernel name, release, machine
  std::string compiler;
  int threads = 0;  // 0: all cores
  int hardware_threads = 0;
  double duration_s = 0;
};

// "2026-05-01T12:00:00Z"
std::string utc_text(std::time_t time);

// Reads the clock and the host; threads and duration are the caller's.
Environment describe_environment(int threads, double duration_s);

}  // namespace imbrex::result
