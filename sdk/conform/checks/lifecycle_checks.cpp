// From making a component to destroying it: nothing is left behind, and nothing else is touched.
#include "checks.hpp"
#include "examination.hpp"
#include "param_values.hpp"
#include "process_state.hpp"
#include "stand.hpp"
#include "transcript.hpp"

#include <imbrex/plugin/error.hpp>

#include <ctime>
#include <optional>

#include <fmt/format.h>
#include <malloc.h>

namespace imbrex::conform {
namespace {

constexpr std::string_view kDefaults[] = {"parameters/defaults-construct"};
constexpr std::string_view kAnswers[] = {"errors/ordinary-networks-are-answered"};
constexpr int kWarmUp = 20;  // what is kept once, lists of free memory among it
constexpr int kMostTurns = 1000;
constexpr double kSeconds = 0.15;          // of the processor
constexpr std::size_t kBytesAtLeast = 16;  // that a leak of each turn takes

std::size_t bytes_in_use() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

// Does the same again and again, and says by how much memory grows each time.
void require_no_growth(FunctionRef<void()> turn, std::string_view what) {
  if (kSanitized) {
    throw Skipped("the sanitizer counts memory here");
  }
  for (int i = 0; i < kWarmUp; ++i) {
    turn();
  }
  const std::size_t before = bytes_in_use();
  const std::clock_t end = std::clock() + static_cast<std::clock_t>(kSeconds * CLOCKS_PER_SEC);
  std::size_t turns = 0;
  while (turns < kMostTurns && (turns < 2 || std::clock() < end)) {
    turn();
    ++turns;
  }
  const std::size_t after = bytes_in_use();
  require(after < before + turns * kBytesAtLeast, [&] {
    return fmt::format("{} leaves {} bytes behind each time", what, (after - before) / turns);
  });
}

void leaks_nothing(Examination& examination) {
  const auto services = examination.services();
  const Stand stand = first_stand(examination, *services);
  const plugin::ConfigHandle& config = stand.setting().subject.config;
  require_no_growth([&] { stand.make(copy_of(config)); }, "making and destroying it");
}

// A config with which the component cannot be made.
std::optional<plugin::ConfigHandle> refused_config(const Stand& stand) {
  const plugin::ConfigHandle& standard = stand.setting().subject.config;
  std::optional<plugin::ConfigHandle> refused;
  for (const ParamSpec& spec : standard.component().params) {
    for_each_value(spec, [&](const ParamValue& value) {
      plugin::ConfigHandle config = copy_of(standard);
      spec.store(config.get(), value);
      try {
        stand.make(config);
      } catch (const Error&) {
        refused = std::move(config);
      }
    });
  }
  return refused;
}

void refusing_leaks_nothing(Examination& examination) {
  const auto services = examination.services();
  const Stand stand = first_stand(examination, *services);
  const std::optional<plugin::ConfigHandle> refused = refused_config(stand);
  if (!refused) {
    throw Skipped("it can be made with every value that was tried");
  }
  const auto turn = [&] {
    try {
      stand.make(*refused);
    } catch (const Error&) {
      // What is thrown away is what this is about.
    }
  };
  require_no_growth(turn, "a constructor that throws");
}

void writes_nothing(Examination& examination) {
  const auto services = examination.services();
  const Stand stand = first_stand(examination, *services);
  const std::int64_t before = examination.written();
  transcript(stand, *services, examination.seed());
  const std::int64_t after = examination.written();
  require(before == after, [&] {
    return fmt::format(
        "it wrote {} bytes on stdout or stderr; what it has to say goes through "
        "Host::log, which names it, or into a fact",
        after - before);
  });
}

void leaves_process_alone(Examination& examination) {
  const auto services = examination.services();
  const Stand stand = first_stand(examination, *services);
  const ProcessState before = process_state();
  transcript(stand, *services, examination.seed());
  const std::string what = difference(before, process_state());
  require(what.empty(), [&] { return "using it " + what; });
}

constexpr Check kChecks[] = {
    {"lifecycle/leaks-nothing", "Made and destroyed many times, it leaves no memory behind.",
     kEveryKind, leaks_nothing, kDefaults},
    {"lifecycle/refusing-leaks-nothing", "A constructor that throws leaves no memory behind.",
     kEveryKind, refusing_leaks_nothing, kDefaults},
    {"lifecycle/writes-nothing", "At work it writes nothing on stdout or stderr.", kEveryKind,
     writes_nothing, kAnswers},
    {"lifecycle/leaves-the-process-alone",
     "At work it changes neither floating-point modes, locale, signal handlers, working folder, "
     "umask nor environment, and leaves no thread behind.",
     kEveryKind, leaves_process_alone, kAnswers},
};

}  // namespace

std::span<const Check> lifecycle_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
