// Reporters that break one rule each: those of parameters, of making and destroying, of repeating,
// of failing, which are alike for all kinds, and their own.
#include <imbrex/plugin.hpp>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <locale.h>

namespace {

using imbrex::Context;
using imbrex::OutputFolder;
using imbrex::Result;

struct Config {
  std::int64_t size = 4;
};
constexpr imbrex::ParamSpec kParams[] = {
    imbrex::param<&Config::size>("size", "How large").unit("entry").range(1, 1'000'000'000'000)};

// Right, for the others to differ from.
class Honest : public imbrex::Reporter {
 public:
  Honest(const Config&, const Context&) {}
  void report(const Result& result, OutputFolder& folder) override {
    folder.show(result.name + " " + result.workload_name);
  }
};

class FailsByDefault final : public Honest {
 public:
  FailsByDefault(const Config& config, const Context& context) : Honest(config, context) {
    throw std::runtime_error("no such thing");
  }
};

// Takes what the range allows, and cannot.
class AllocatesAll final : public Honest {
 public:
  AllocatesAll(const Config& config, const Context& context)
      : Honest(config, context), entries_(static_cast<std::size_t>(config.size)) {}

 private:
  std::vector<std::int64_t> entries_;
};

class Leaks final : public Honest {
 public:
  Leaks(const Config& config, const Context& context) : Honest(config, context) {
    lost = new char[100];
  }

 private:
  static inline char* volatile lost = nullptr;
};

class LeaksWhenRefusing final : public Honest {
 public:
  LeaksWhenRefusing(const Config& config, const Context& context) : Honest(config, context) {
    if (config.size > 1000) {
      lost = new char[100];
      throw imbrex::InputError("size = " + std::to_string(config.size) + " is more than 1000");
    }
  }

 private:
  static inline char* volatile lost = nullptr;
};

class Prints final : public Honest {
 public:
  using Honest::Honest;
  void report(const Result& result, OutputFolder& folder) override {
    std::puts("here I am");
    Honest::report(result, folder);
  }
};

class SetsLocale final : public Honest {
 public:
  using Honest::Honest;
  void report(const Result& result, OutputFolder& folder) override {
    std::setlocale(LC_ALL, "C.UTF-8");
    Honest::report(result, folder);
  }
};

// Numbers its reports.
class Counts final : public Honest {
 public:
  using Honest::Honest;
  void report(const Result&, OutputFolder& folder) override {
    static int reports = 0;
    folder.show("report " + std::to_string(++reports));
  }
};

// Remembers the largest network that any instance has seen.
class Remembers final : public Honest {
 public:
  using Honest::Honest;
  void report(const Result& result, OutputFolder& folder) override {
    static std::int64_t most = 0;
    most = std::max(most, result.workload_macs);
    folder.show("at most " + std::to_string(most));
  }
};

class ThrowsOnRecurrences final : public Honest {
 public:
  using Honest::Honest;
  void report(const Result& result, OutputFolder& folder) override {
    if (result.workload_name == "a recurrence") {
      throw 7;
    }
    Honest::report(result, folder);
  }
};

class Exits final : public Honest {
 public:
  using Honest::Honest;
  void report(const Result&, OutputFolder&) override { std::exit(0); }
};

class Loops final : public Honest {
 public:
  using Honest::Honest;
  void report(const Result& result, OutputFolder&) override {
    volatile std::size_t size = result.name.size();
    while (size > 0) {
    }
  }
};

class Crashes final : public Honest {
 public:
  using Honest::Honest;
  void report(const Result& result, OutputFolder&) override {
    volatile const char* const nothing = result.name.empty() ? "" : nullptr;
    [[maybe_unused]] const char read = *nothing;
  }
};

class SaysNothing final : public Honest {
 public:
  using Honest::Honest;
  void report(const Result&, OutputFolder&) override {}
};

class WritesAside final : public Honest {
 public:
  using Honest::Honest;
  void report(const Result& result, OutputFolder& folder) override {
    std::ofstream("imbrex-conform-fixture.txt") << result.name;
    Honest::report(result, folder);
    std::remove("/tmp/imbrex-conform-fixture.txt");
  }
};

class NeedsJobs final : public Honest {
 public:
  using Honest::Honest;
  void report(const Result& result, OutputFolder& folder) override {
    if (result.jobs.empty()) {
      throw std::out_of_range("no first job");
    }
    Honest::report(result, folder);
  }
};

// Divides by what may be zero.
class Divides final : public Honest {
 public:
  using Honest::Honest;
  void report(const Result& result, OutputFolder& folder) override {
    double all_ps = 0;
    double busy_ps = 0;
    for (const imbrex::OperatorResult& one : result.operators) {
      all_ps += static_cast<double>(one.times.end_ps - one.times.start_ps);
      busy_ps += static_cast<double>(one.times.busy_ps);
    }
    Honest::report(result, folder);
    folder.show(" busy " + std::to_string(busy_ps / all_ps) + "\n");
  }
};

// A parameter that keeps another value than it was given.
constexpr imbrex::ParamSpec forgetful(imbrex::ParamSpec spec) {
  spec.store = [](void* config, const imbrex::ParamValue& value) {
    static_cast<Config*>(config)->size = std::min<std::int64_t>(value.integer, 100);
  };
  return spec;
}
constexpr imbrex::ParamSpec kForgetful[] = {forgetful(kParams[0])};
constexpr imbrex::FactSpec kFacts[] = {{"lines", "line", "Lines of the report."}};

template <class Type>
consteval imbrex::Component component(std::string_view id) {
  return imbrex::component<Type, Config>(id, "Breaks one rule", kParams);
}

constexpr imbrex::Component kComponents[] = {
    component<Honest>("broken.report.none"),
    component<Honest>("broken.report.traits").provides(imbrex::Trait::timeline),
    component<Honest>("broken.report.facts").states(kFacts),
    imbrex::component<Honest, Config>("broken.report.forgets", "Breaks one rule", kForgetful),
    component<FailsByDefault>("broken.report.fails"),
    component<AllocatesAll>("broken.report.allocates"),
    component<Leaks>("broken.report.leaks"),
    component<LeaksWhenRefusing>("broken.report.leaks-when-refusing"),
    component<Prints>("broken.report.prints"),
    component<SetsLocale>("broken.report.sets-locale"),
    component<Counts>("broken.report.counts"),
    component<Remembers>("broken.report.remembers"),
    component<ThrowsOnRecurrences>("broken.report.throws-on-recurrences"),
    component<Exits>("broken.report.exits"),
    component<Loops>("broken.report.loops"),
    component<Crashes>("broken.report.crashes"),
    component<SaysNothing>("broken.report.says-nothing"),
    component<WritesAside>("broken.report.writes-aside"),
    component<NeedsJobs>("broken.report.needs-jobs"),
    component<Divides>("broken.report.divides")};

}  // namespace

IMBREX_PLUGIN("broken.reporters", "1.0.0", "Reporters that break one rule each", "MIT", kComponents)
