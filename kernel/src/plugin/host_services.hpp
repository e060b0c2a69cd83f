// File: host_services.hpp
//
// The kernel's implementation of what `Host` promises: logging (spdlog), worker threads (oneTBB),
// cancellation, progress, random streams.
#pragma once

#include <imbrex/host.hpp>

#include <memory>
#include <string>

namespace imbrex {

struct HostOptions {
  int threads = 0;  // 0: all cores
  LogLevel log_level = LogLevel::warning;
  bool quiet = false;  // no progress, no informational output
};

// Process-wide services shared by the components of one run.
class IMBREX_API HostServices {
 public:
  explicit HostServices(const HostOptions& options);
  ~HostServices();
  HostServices(const HostServices&) = delete;
  HostServices& operator=(const HostServices&) = delete;

  // A Host for one component; random streams derive from (seed, component_id, occurrence, stream),
  // `occurrence` telling components of one id apart. The Host is owned by this object.
  Host& host_for(std::string_view component_id, std::uint64_t seed, std::uint32_t occurrence);
  // Async-signal-safe request to stop; also settable by tests.
  static void request_cancel() noexcept;
  static bool cancel_requested() noexcept;
  static void clear_cancel() noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imbrex
