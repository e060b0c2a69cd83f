// The kernel's implementation of what `Host` promises: logging (spdlog), worker threads (oneTBB),
// cancellation, progress, random streams.
#pragma once

#include "plugin/progress.hpp"
#include "plugin/status_line.hpp"

#include <imbrex/plugin/host.hpp>

#include <functional>
#include <memory>
#include <string>

namespace imbrex::plugin {

struct HostOptions {
  int threads = 0;  // 0: all cores
  LogLevel log_level = LogLevel::warning;
  bool quiet = false;  // no progress, no informational output
  // So long after an interrupt a running component that has not asked for it is named on stderr.
  double patience_s = 10;
  // Ends the process, because whoever asked to stop is not going to ask again (`request_cancel`)
  // and what runs has not asked for it in that time, or not ended in three times as much.
  std::function<void()> give_up = {};
  // What components write on standard output becomes warnings (stdout_aside.hpp).
  bool keeps_stdout_aside = false;
  ProgressMode progress = ProgressMode::automatic;
  // Lines without their ends; no function for log lines: for people.
  std::function<std::string(const Progress&)> progress_json = {};
  std::function<std::string(LogLevel, std::string_view, std::string_view)> log_json = {};
  // For programs that embed a run: called instead of writing to stderr, one call at a time, from
  // any thread of the run. [must not throw]
  std::function<void(const Progress&)> on_progress = {};
  std::function<void(LogLevel, std::string_view, std::string_view)> on_log = {};
};

// Services shared by the components of one run. Several may live and run at once.
class HostServices {
 public:
  explicit HostServices(const HostOptions& options);
  ~HostServices();
  HostServices(const HostServices&) = delete;
  HostServices& operator=(const HostServices&) = delete;

  // A Host for one component; random streams derive from (seed, component_id, occurrence, stream),
  // `occurrence` telling components of one id apart. The Host is owned by this object.
  Host& host_for(std::string_view component_id, std::uint64_t seed, std::uint32_t occurrence);
  // What is shown of a run while it takes its time: a stage begins, no stage runs any more, so many
  // seeds of a study are over. The line is gone when `stages_end` returns.
  void stage_begins(StagePlace stage);
  void stages_end();
  void seeds_over(std::uint64_t before, std::uint64_t seeds);
  // What the running stage has scored.
  ScoreBoard& scores() noexcept;

  // While one lives, what is written on standard output was `who`, where the options say so. The
  // first one sets it aside, and each goes back to who it was before.
  class Output {
   public:
    Output(HostServices& services, std::string who);
    ~Output();
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

   private:
    HostServices& services_;
    bool is_first_ = false;
    std::string before_;
  };

  // fork(), while no other thread holds what the child needs: no parallel loop may run. In the
  // child (0) worker threads start anew, nobody shows progress, and none of its destructors may
  // run. Returns -1 when there is no process.
  int fork_alone();

  // Asks what runs with these services to stop, and nothing else. [any thread]
  void cancel() noexcept;
  // Somebody asked these services to stop, or the whole process.
  bool cancelled() const noexcept;
  // And no `CancelAside` lives.
  bool is_stop_wanted() const noexcept;

  // Of the whole process: async-signal-safe request to stop; also settable by tests.
  // `is_last`: it will not be repeated.
  static void request_cancel(bool is_last = false) noexcept;
  static bool cancel_requested() noexcept;
  static void clear_cancel() noexcept;
  // A place where a running component may be stopped: `guard` is one at every call of any of them,
  // so that a loop that asks the cost model, or an analyzer, need not ask whether to stop. Errors:
  // CancelledError when somebody asked to stop what this thread works for: a component runs there
  // (`Running`, or a parallel loop of one), and no `CancelAside` of its services lives.
  static void stop_if_asked();

  // Says which component works on this thread while one lives: whom to name when an interrupt is
  // not heeded.
  class Running {
   public:
    // `host` is one that `services` made.
    Running(HostServices& services, Host& host) noexcept;
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    HostServices& services_;
    const Host* before_;
    const void* before_here_;
  };

  // While one lives, components of these services are told that nobody asked to stop: the last
  // analysis of an interrupted run must come to an end.
  class CancelAside {
   public:
    explicit CancelAside(HostServices& services) noexcept;
    ~CancelAside();
    CancelAside(const CancelAside&) = delete;
    CancelAside& operator=(const CancelAside&) = delete;

   private:
    HostServices& services_;
  };

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace imbrex::plugin
