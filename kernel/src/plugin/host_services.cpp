#include "plugin/host_services.hpp"

#include "plugin/call_mark.hpp"
#include "plugin/stdout_aside.hpp"
#include "plugin/stop.hpp"
#include "plugin/terminal.hpp"
#include "plugin/thread_pool.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include <unistd.h>

namespace imbrex::plugin {
namespace {

std::atomic<bool> is_last_request{false};

// FNV-1a: fixed for ever, unlike std::hash, because results depend on it.
std::uint64_t id_hash(std::string_view id) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : id) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  return hash;
}

// Own key per component, so that adding a stream in one component changes no other's numbers.
std::uint64_t component_seed(std::uint64_t seed, std::string_view id, std::uint32_t occurrence) {
  constexpr std::uint32_t kComponentDomain =
      0x434F4D50u;  // "COMP": apart from every stream's counter
  const std::uint64_t hash = id_hash(id);
  const auto block =
      philox_4x32({occurrence, static_cast<std::uint32_t>(hash),
                   static_cast<std::uint32_t>(hash >> 32), kComponentDomain},
                  {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
  return (std::uint64_t{block[1]} << 32) | block[0];
}

class ComponentHost final : public Host {
 public:
  ComponentHost(std::string_view id, std::uint64_t seed, Terminal& terminal, ThreadPool& pool,
                const Stop& stop)
      : id_(id), seed_(seed), terminal_(terminal), pool_(pool), stop_(stop) {}

  void log(LogLevel level, std::string_view message) noexcept override {
    try {
      terminal_.log(level, id_, message);
    } catch (...) {  // out of memory for a log line: not worth a run
    }
  }

  void progress(double fraction, std::string_view what) noexcept override {
    try {
      terminal_.progress(advance(fraction), id_, what);
    } catch (...) {
    }
  }

  bool cancelled() const noexcept override {
    const bool wanted = stop_.is_wanted();
    if (wanted) {
      heeds_cancel_.store(true, std::memory_order_relaxed);
    }
    return wanted;
  }
  // It has been told that the user wants it to stop.
  bool heeds_cancel() const noexcept { return heeds_cancel_.load(std::memory_order_relaxed); }
  const std::string& id() const noexcept { return id_; }
  Random random(std::uint64_t stream) const noexcept override { return {seed_, stream}; }

  void parallel_for(std::size_t count, std::size_t grain,
                    FunctionRef<void(std::size_t, std::size_t)> body) override {
    pool_.run(count, grain, [&, stop = stop_here](std::size_t begin, std::size_t end) {
      const WorksFor here(stop);
      body(begin, end);
    });
  }

 private:
  // Highest fraction reported so far; NaN and values outside [0, 1] do no harm.
  double advance(double fraction) noexcept {
    const double wanted = fraction >= 0 ? std::min(fraction, 1.0) : 0.0;
    double reached = reached_.load(std::memory_order_relaxed);
    while (wanted > reached && !reached_.compare_exchange_weak(reached, wanted)) {
    }
    return std::max(wanted, reached);
  }

  std::string id_;
  std::uint64_t seed_;
  Terminal& terminal_;
  ThreadPool& pool_;
  const Stop& stop_;
  std::atomic<double> reached_{0.0};
  mutable std::atomic<bool> heeds_cancel_{false};
};

}  // namespace

struct HostServices::Impl {
  explicit Impl(const HostOptions& options)
      : terminal({options.log_level, options.quiet, options.progress, Pace{}, options.progress_json,
                  options.log_json, options.on_progress, options.on_log}),
        pool(options.threads),
        patience(std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::duration<double>(options.patience_s))),
        give_up(options.give_up),
        keeps_stdout_aside(options.keeps_stdout_aside) {
    know_this_thread();
  }

  // Shows how far the run is, and names the component that works on and on after an interrupt,
  // once. The clock is only for people.
  void watch(const std::stop_token& end) {
    constexpr std::chrono::milliseconds kLook{50};
    std::chrono::steady_clock::time_point asked_at;
    bool asked = false;
    bool named = false;
    std::unique_lock lock(watch_mutex);
    watching.count_down();
    while (!wake.wait_for(lock, end, kLook, [] { return false; }) && !end.stop_requested()) {
      terminal.tick();
      tell_output();
      const auto now = std::chrono::steady_clock::now();
      if (!stop.is_wanted()) {
        asked = false;
      } else if (!std::exchange(asked, true)) {
        asked_at = now;
      } else if (now - asked_at >= patience) {
        end_hung(now - asked_at);
        if (!std::exchange(named, true)) {
          name_culprit();
        }
      }
    }
  }

  void end_hung(std::chrono::steady_clock::duration since) {
    const auto* const host = static_cast<const ComponentHost*>(running.load());
    if (give_up && is_last_request && host != nullptr &&
        (!host->heeds_cancel() || since >= 3 * patience)) {
      give_up();
    }
  }

  void tell_output() {
    const std::lock_guard lock(mutex);
    if (stdout_aside) {
      stdout_aside->tell_lines();
    }
  }

  void name_culprit() {
    const auto* const host = static_cast<const ComponentHost*>(running.load());
    if (host != nullptr && !host->heeds_cancel()) {
      terminal.log(LogLevel::error, host->id(),
                   "has not asked whether to stop since the interrupt; interrupt again to end at "
                   "once");
    }
  }

  Stop stop;
  Terminal terminal;
  ThreadPool pool;
  std::mutex mutex;
  std::vector<std::unique_ptr<ComponentHost>> hosts;
  std::atomic<const Host*> running{nullptr};
  std::unique_ptr<StdoutAside> stdout_aside;
  std::chrono::milliseconds patience;
  std::function<void()> give_up;
  bool keeps_stdout_aside;
  std::mutex watch_mutex;
  std::condition_variable_any wake;
  std::latch watching{1};
  std::jthread watchdog{[this](const std::stop_token& end) { watch(end); }};  // ends first
};

HostServices::HostServices(const HostOptions& options) : impl_(std::make_unique<Impl>(options)) {}
HostServices::~HostServices() = default;

Host& HostServices::host_for(std::string_view component_id, std::uint64_t seed,
                             std::uint32_t occurrence) {
  const std::lock_guard lock(impl_->mutex);
  impl_->hosts.push_back(
      std::make_unique<ComponentHost>(component_id, component_seed(seed, component_id, occurrence),
                                      impl_->terminal, impl_->pool, impl_->stop));
  return *impl_->hosts.back();
}

void HostServices::stage_begins(StagePlace stage) {
  impl_->terminal.begin(std::move(stage));
}
void HostServices::stages_end() {
  impl_->terminal.end();
}
void HostServices::seeds_over(std::uint64_t before, std::uint64_t seeds) {
  impl_->terminal.set_seeds(before, seeds);
}
ScoreBoard& HostServices::scores() noexcept {
  return impl_->terminal.scores();
}

HostServices::Running::Running(HostServices& services, Host& host) noexcept
    : services_(services),
      before_(services.impl_->running.exchange(&host)),
      before_here_(std::exchange(stop_here, &services.impl_->stop)) {}
HostServices::Running::~Running() {
  stop_here = static_cast<const Stop*>(before_here_);
  services_.impl_->running.store(before_);
}

HostServices::Output::Output(HostServices& services, std::string who) : services_(services) {
  Impl& impl = *services.impl_;
  if (!impl.keeps_stdout_aside) {
    return;
  }
  const std::lock_guard lock(impl.mutex);
  if (impl.stdout_aside) {
    before_ = impl.stdout_aside->hand_to(std::move(who));
    return;
  }
  is_first_ = true;
  const auto tell = [&impl](std::string_view writer, std::string_view line) {
    impl.terminal.log(LogLevel::warning, writer, "wrote on standard output: " + std::string(line));
  };
  impl.stdout_aside = std::make_unique<StdoutAside>(std::move(who), tell);
}
HostServices::Output::~Output() {
  Impl& impl = *services_.impl_;
  const std::lock_guard lock(impl.mutex);
  if (is_first_) {
    impl.stdout_aside.reset();
  } else if (impl.stdout_aside) {
    impl.stdout_aside->hand_to(std::move(before_));
  }
}

int HostServices::fork_alone() {
  // A thread that begins may hold what a child needs: the address sanitizer's allocator is not
  // freed at a fork.
  impl_->watching.wait();
  const std::lock_guard hosts(impl_->mutex);
  const auto silence = impl_->terminal.silence();
  const std::lock_guard watch(impl_->watch_mutex);
  std::fflush(stdout);  // else both would write it
  const int child = ::fork();
  if (child == 0) {
    impl_->pool.start_anew_in_child();
  }
  return child;
}

HostServices::CancelAside::CancelAside(HostServices& services) noexcept : services_(services) {
  services_.impl_->stop.asides.fetch_add(1);
}
HostServices::CancelAside::~CancelAside() {
  services_.impl_->stop.asides.fetch_sub(1);
}

void HostServices::cancel() noexcept {
  impl_->stop.asked.store(true);
}
bool HostServices::cancelled() const noexcept {
  return impl_->stop.is_asked();
}

void HostServices::request_cancel(bool is_last) noexcept {
  is_last_request.store(is_last);
  stop_of_process.store(true);
}
bool HostServices::cancel_requested() noexcept {
  return stop_of_process.load();
}
bool HostServices::is_stop_wanted() const noexcept {
  return impl_->stop.is_wanted();
}
void HostServices::clear_cancel() noexcept {
  stop_of_process.store(false);
}
void HostServices::stop_if_asked() {
  if (stop_here != nullptr && stop_here->is_wanted()) {
    throw CancelledError();
  }
}

}  // namespace imbrex::plugin
