// Networks that nobody thought of, and a person who does not want to wait.
#include "checks.hpp"
#include "examination.hpp"
#include "stage_trial.hpp"
#include "stand.hpp"
#include "transcript.hpp"

#include <imbrex/plugin/error.hpp>

#include <csignal>
#include <ctime>

#include <fmt/format.h>
#include <sys/time.h>

namespace imbrex::conform {
namespace {

constexpr std::string_view kDefaults[] = {"parameters/defaults-construct"};
constexpr std::string_view kAnswers[] = {"errors/ordinary-networks-are-answered"};
constexpr Kinds kOnNetworks = kEveryKind & ~kinds_of({Kind::workload_reader});
constexpr std::uint64_t kOrdinary = 4;
constexpr double kWorthStopping = 0.3;           // seconds of the processor
constexpr double kAnswer = 0.1;                  // that an answer may take, as Host::cancelled says
constexpr double kLate = kSanitized ? 5 : 0.25;  // beyond what measuring may add

const Setting& working_setting(Examination& examination) {
  const auto services = examination.services();
  return first_stand(examination, *services).setting();
}

// Whatever a component does not take it refuses in words; returns them, empty when it took it.
std::string refusal_on(Examination& examination, const Setting& setting,
                       const problems::OddNetwork& odd) {
  const auto services = examination.services();
  try {
    const Stand stand(setting, odd.network, *services);
    const std::string text = transcript(stand, *services, examination.seed());
    return text.starts_with(kRefused) ? text : "";
  } catch (const Error& error) {
    require(is_refusal(error), [&] {
      return fmt::format(
          "on {} it fails: {}\nrefuse what you do not model with an InputError or an "
          "InfeasibleError that says so",
          odd.name, error.what());
    });
    return error.what();
  }
}

void ordinary_networks(Examination& examination) {
  const Setting& setting = working_setting(examination);
  std::uint64_t refused = 0;
  std::string reason;
  for (std::uint64_t number = 0; number < kOrdinary; ++number) {
    const std::string refusal = refusal_on(examination, setting,
                                           {fmt::format("random network {}", number),
                                            problems::random_network(examination.seed(), number)});
    refused += refusal.empty() ? 0 : 1;
    reason = refusal.empty() ? reason : refusal;
  }
  if (refused == kOrdinary) {
    examination.warn(fmt::format(
        "it refuses every one of {} networks, so little could be asked: {}", kOrdinary, reason));
  }
}

void odd_networks(Examination& examination) {
  const Setting& setting = working_setting(examination);
  for (const problems::OddNetwork& odd : problems::odd_networks()) {
    refusal_on(examination, setting, odd);
  }
}

void huge_networks(Examination& examination) {
  const Setting& setting = working_setting(examination);
  for (const problems::OddNetwork& huge : problems::huge_networks()) {
    refusal_on(examination, setting, huge);
  }
}

double processor_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

extern "C" void ask_to_stop(int) {
  plugin::HostServices::request_cancel();
}

// Asks to stop so many seconds of the processor from now, once.
void ask_later(double seconds) {
  struct sigaction action {};
  action.sa_handler = ask_to_stop;
  sigaction(SIGPROF, &action, nullptr);
  itimerval timer{};
  timer.it_value.tv_usec = static_cast<suseconds_t>(seconds * 1e6);
  setitimer(ITIMER_PROF, &timer, nullptr);
}

// What the subject itself takes; asked to stop so much later, where a time is given.
double seconds_on(Examination& examination, const problems::Network& network, double stop_after) {
  const Setting& setting = working_setting(examination);
  const auto services = examination.services();
  double begin = 0;
  try {
    const Stand stand(setting, network, *services);
    const StageTrial trial(stand, *services, examination.seed());
    begin = processor_seconds();
    if (stop_after > 0) {
      ask_later(stop_after);
    }
    trial.run();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::failed) {  // else it stopped, or refuses the network
      throw;
    }
  }
  return begin > 0 ? processor_seconds() - begin : 0;
}

// A network on which the component works long enough to be interrupted; none: it never does.
problems::Network network_worth_stopping(Examination& examination) {
  for (const std::int64_t size : {1, 2, 3, 4, 6, 8, 12, 16}) {
    problems::Network network = problems::long_network(4 * size, 8 * size);
    if (seconds_on(examination, network, 0) > kWorthStopping) {
      return network;
    }
  }
  return nullptr;
}

void cancellation(Examination& examination) {
  const problems::Network network = network_worth_stopping(examination);
  if (network == nullptr) {
    return;  // over before anybody could ask
  }
  constexpr double kAskAt = 0.1;
  const double late = seconds_on(examination, network, kAskAt) - kAskAt;
  plugin::HostServices::clear_cancel();
  if (late > kAnswer) {
    const std::string text = fmt::format(
        "asked to stop, it went on for {:.0f} ms of the processor; ask Host::cancelled() every "
        "100 ms and throw CancelledError",
        late * 1e3);
    require(late <= kLate, [&] { return text; });
    examination.warn(text);
  }
}

constexpr Check kChecks[] = {
    {"errors/ordinary-networks-are-answered",
     "On random networks of a few layers it works or says why not.", kEveryKind, ordinary_networks,
     kDefaults, true},
    {"errors/odd-networks-are-answered",
     "On networks of one layer, of extents of 1, in two parts, of odd operators it works or says "
     "why not.",
     kOnNetworks, odd_networks, kAnswers},
    {"errors/huge-networks-are-answered",
     "On layers whose sizes nearly overflow it works or says why not.",
     kinds_of({Kind::architecture_model, Kind::cost_model}), huge_networks, kAnswers},
    {"errors/cancellation-is-answered", "Asked to stop, it stops within 100 ms.", kDeciders,
     cancellation, kAnswers},
};

}  // namespace

std::span<const Check> error_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
