// imbrex.report.program: what every core does and when, as text (specification compass section 8).
// Per segment: weights arrive and are written, data arrives, products run, results leave. The
// segment takes exactly what the timeline says; of its data time, what enters and crosses the bus
// stands before the products and what leaves behind them. Vector operations are free in this model
// and left out.
#include "program_model.hpp"

#include <imbrex/plugin.hpp>

#include <iterator>
#include <string>

#include <fmt/format.h>

namespace imbrex::program {
namespace {

using program::Instruction;

struct Config {
  std::string file = "program.txt";
};

constexpr ParamSpec kParams[] = {
    param<&Config::file>("file", "Name of the file in the result folder"),
};

constexpr std::string_view kNames[] = {"LOAD-WEIGHT", "WRITE-WEIGHT", "LOAD-DATA",
                                       "RECV-DATA",   "MVMUL",        "STORE-DATA"};

class Program final : public Reporter {
 public:
  Program(const Config& config, const Context& context)
      : file_(config.file), workload_(*context.workload), architecture_(*context.architecture) {
    if (architecture_.units.empty() || architecture_.units.front().kind != UnitKind::crossbar) {
      throw InputError("programs are written for cores of crossbars; '" +
                       std::string(architecture_.name) + "' has none");
    }
  }

  void report(const Result& result, OutputFolder& folder) override {
    std::string text =
        "# One line per instruction: start_ps end_ps instruction operator, then details.\n";
    std::int64_t core = -1;
    for (const Instruction& one : program::instructions(result, workload_, architecture_)) {
      if (one.core != core) {
        core = one.core;
        fmt::format_to(std::back_inserter(text), "core {}\n", core);
      }
      append(one, text);
    }
    folder.write(file_, text);
  }

 private:
  void append(const Instruction& one, std::string& text) const {
    auto out = std::back_inserter(text);
    fmt::format_to(out, "{} {} {} {} segment={} copy={} crossbars={}..{}", one.start_ps, one.end_ps,
                   kNames[index(one.kind)], workload_.at(one.op).name, one.segment, one.copy,
                   one.crossbars.begin, one.crossbars.end);
    if (one.kind == program::Kind::mvmul) {
      fmt::format_to(out, " job={}\n", one.step);
    } else {
      fmt::format_to(out, " bits={}\n", one.bits);
    }
  }

  std::string file_;
  const Workload& workload_;
  const Architecture& architecture_;
};

constexpr Component kComponents[] = {
    component<Program, Config>("imbrex.report.program",
                               "The instruction stream of every core as text", kParams)
        .cites("Park et al., COMPASS, DATE 2025, arXiv:2501.06780")};

}  // namespace

IMBREX_PLUGIN("imbrex.report.program", "0.1.0", "Programs of cores", "Apache-2.0", kComponents)

}  // namespace imbrex::program
