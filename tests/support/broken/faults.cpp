// Components that end or hang the process, or write where they may not; `fault` says how. The cost
// model does it where an analyzer asks for a job's clock, on whatever thread that is.
#include "fakes/cost_model.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/segments/crossbar.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

namespace {

using imbrex::Context;

constexpr std::string_view kFaults[] = {"none",
                                        "segmentation-fault",
                                        "stack-overflow",
                                        "bus-error",
                                        "division",
                                        "illegal-instruction",
                                        "abort",
                                        "terminate",
                                        "exit",
                                        "quick-exit",
                                        "leave",
                                        "endless-loop",
                                        "bad-alloc",
                                        "memory",
                                        "throwing-thread",
                                        "crashing-thread",
                                        "exiting-thread",
                                        "late-thread",
                                        "crashing-chunk",
                                        "output"};
enum class Fault : std::uint8_t {
  none,
  segmentation_fault,
  stack_overflow,
  bus_error,
  division,
  illegal_instruction,
  abort,
  terminate,
  exit,
  quick_exit,
  leave,
  endless_loop,
  bad_alloc,
  memory,
  throwing_thread,
  crashing_thread,
  exiting_thread,
  late_thread,
  crashing_chunk,
  output,
};

struct Config {
  Fault fault = Fault::none;
  std::string marker;
};
constexpr imbrex::ParamSpec kParams[] = {
    imbrex::choice<&Config::fault>("fault", "What it does", kFaults),
    imbrex::param<&Config::marker>("marker", "File to make before it does that")};

void write_nowhere() {
  volatile std::intptr_t address = 8;
  *reinterpret_cast<volatile int*>(address) = 1;
}

// NOLINTNEXTLINE(misc-no-recursion): that is the fault
[[gnu::noinline]] int without_end(int depth) {
  volatile char room[4096];
  room[depth % 4096] = 1;
  return depth < 0 ? 0 : without_end(depth + 1) + room[0];
}

// Behind the end of a file.
void read_nothing() {
  char name[] = "/tmp/imbrex-bus-XXXXXX";
  const int file = mkstemp(name);
  unlink(name);
  const auto* const bytes =
      static_cast<volatile const char*>(mmap(nullptr, 4096, PROT_READ, MAP_SHARED, file, 0));
  static_cast<void>(bytes[0]);
}

void divide() {
  volatile int zero = 0;
  volatile int quotient = 7 / zero;
  static_cast<void>(quotient);
  std::raise(SIGFPE);  // some machines divide by zero
}

void loop_for_ever() {
  volatile bool is_on = true;
  while (is_on) {
  }
}

void take_all_memory() {
  std::vector<std::vector<char>> taken;
  for (;;) {
    taken.emplace_back(std::size_t{1} << 20, 'x');
  }
}

void write_on_standard_output() {
  std::puts("by puts");
  std::printf("by printf, without an end of line");
  std::cout << "\nby a stream\n";
  const std::string_view text = "by write\n";
  std::fflush(stdout);
  static_cast<void>(write(STDOUT_FILENO, text.data(), text.size()));
}

void in_a_thread(void (*work)()) {
  std::thread(work).join();
}

void commit_in_threads(Fault fault, imbrex::Host& host) {
  switch (fault) {
    case Fault::throwing_thread:
      return in_a_thread([] { throw std::out_of_range("nobody catches this"); });
    case Fault::crashing_thread:
      return in_a_thread(write_nowhere);
    case Fault::exiting_thread:
      return in_a_thread([] { std::exit(0); });
    case Fault::late_thread:  // when another stage is at work
      std::thread([] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        write_nowhere();
      }).detach();
      return;
    case Fault::crashing_chunk:
      return host.parallel_for(64, 1, [](std::size_t begin, std::size_t) {
        if (begin == 63) {
          write_nowhere();
        }
      });
    default:
      return;
  }
}

void commit(Fault fault) {
  switch (fault) {
    case Fault::segmentation_fault:
      return write_nowhere();
    case Fault::stack_overflow:
      static_cast<void>(without_end(0));
      return;
    case Fault::bus_error:
      return read_nothing();
    case Fault::division:
      return divide();
    case Fault::illegal_instruction:
      std::raise(SIGILL);
      return;
    case Fault::abort:
      std::abort();
    case Fault::terminate:
      std::terminate();
    case Fault::exit:
      std::exit(0);
    case Fault::quick_exit:
      std::quick_exit(0);
    case Fault::leave:
      _exit(0);
    case Fault::endless_loop:
      return loop_for_ever();
    case Fault::bad_alloc:
      throw std::bad_alloc();
    case Fault::memory:
      return take_all_memory();
    case Fault::output:
      return write_on_standard_output();
    default:
      return;
  }
}

void mark(const std::string& marker) {
  if (!marker.empty()) {
    std::ofstream(marker) << "here\n";
  }
}

class Search final : public imbrex::SearchStrategy {
 public:
  Search(const Config& config, const Context& context) : config_(config), host_(*context.host) {}
  void search(imbrex::Design& /*design*/, imbrex::Evaluator& /*evaluator*/) override {
    mark(config_.marker);
    commit_in_threads(config_.fault, host_);
    commit(config_.fault);
  }

 private:
  Config config_;
  imbrex::Host& host_;
};

class Cost final : public imbrex::test::FakeCostModel {
 public:
  Cost(const Config& config, const Context& context)
      : FakeCostModel(*context.workload), config_(config) {
    clock = {0, 1'400'000, 0};
    demand_of = [this, &unit = context.architecture->units[0]](imbrex::OperatorId op) {
      const imbrex::Operator& one = workload().at(op);
      return imbrex::Demand{imbrex::segments::runs_on_crossbars(one),
                            imbrex::segments::crossbars_of_one_copy(one, unit), one.weight_bits()};
    };
  }
  imbrex::JobClock job_clock(imbrex::OperatorId op, const imbrex::Placement& placement,
                             const imbrex::Mapping& mapping) const override {
    mark(config_.marker);
    commit(config_.fault);
    return FakeCostModel::job_clock(op, placement, mapping);
  }

 private:
  Config config_;
};

class Reporter final : public imbrex::Reporter {
 public:
  Reporter(const Config& config, const Context& /*context*/) : config_(config) {}
  void report(const imbrex::Result& /*result*/, imbrex::OutputFolder& folder) override {
    folder.write("before.txt", "half a report\n");
    commit(config_.fault);
  }

 private:
  Config config_;
};

constexpr imbrex::Component kComponents[] = {
    imbrex::component<Search, Config>("test.search.fault", "Ends the process", kParams),
    imbrex::component<Cost, Config>("test.cost.fault", "Ends the process", kParams)
        .requires_of_design(imbrex::Trait::crossbars)
        .provides(imbrex::Trait::copies),
    imbrex::component<Reporter, Config>("test.report.fault", "Ends the process", kParams)};

}  // namespace

IMBREX_PLUGIN("test.faults", "1.0.0", "Components that end the process", "Apache-2.0", kComponents)
