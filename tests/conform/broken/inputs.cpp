// Architectures and readers that break one law each.
#include <imbrex/plugin.hpp>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace {

using imbrex::Context;
using imbrex::Demand;
using imbrex::Verdict;

enum class Fault : std::uint8_t { none, negative, monotone, resources };

template <Fault F>
class Chip final : public imbrex::ArchitectureModel {
 public:
  Chip(const imbrex::NoConfig&, const Context&) {
    units_[0].name = "crossbar";
    units_[0].kind = imbrex::UnitKind::crossbar;
    units_[0].rows = units_[0].columns = 64;
    units_[0].operation_ps = F == Fault::negative ? -10 : 10;
    pools_[0] = {"crossbar", F == Fault::resources ? 0 : 100, 1};
    view_.name = "a test's chip";
    view_.units = units_;
    view_.resources = pools_;
  }
  const imbrex::Architecture& view() const noexcept override { return view_; }
  Verdict fits(const Demand& total) const noexcept override {
    const bool fits = F == Fault::monotone ? total.units % 2 == 0 : total.units <= 100;
    return fits ? Verdict::feasible : Verdict::infeasible;
  }

 private:
  std::array<imbrex::ComputeUnit, 1> units_;
  std::array<imbrex::ResourcePool, 1> pools_;
  imbrex::Architecture view_;
};

struct Config {
  imbrex::Path file{BROKEN_FILE};
};
constexpr imbrex::ParamSpec kParams[] = {imbrex::param<&Config::file>("file", "What to read")};

// One layer, whatever stands in the file.
class Reader : public imbrex::WorkloadReader {
 public:
  Reader(const Config& config, const Context&) : file_(config.file.value) {}
  void read(imbrex::WorkloadBuilder& builder) override {
    if (std::filesystem::file_size(file_) == 0) {
      throw imbrex::InputError(file_ + ": is empty");
    }
    builder.dense("only", builder.input("x", {2, {4, 4, 1, 1, 1, 1}}), 4);
  }

 protected:
  std::string file_;
};

class TrustsFiles final : public Reader {
 public:
  using Reader::Reader;
  void read(imbrex::WorkloadBuilder& builder) override {
    if (std::filesystem::file_size(file_) == 0) {
      std::abort();
    }
    Reader::read(builder);
  }
};

class ReadsNothing final : public Reader {
 public:
  using Reader::Reader;
  void read(imbrex::WorkloadBuilder&) override {}
};

template <Fault F>
consteval imbrex::Component chip(std::string_view id) {
  return imbrex::component<Chip<F>, imbrex::NoConfig>(id, "Breaks one law", {})
      .provides(imbrex::Trait::crossbars);
}

constexpr imbrex::Component kComponents[] = {
    chip<Fault::none>("broken.architecture.none"),
    chip<Fault::negative>("broken.architecture.negative"),
    chip<Fault::monotone>("broken.architecture.monotone"),
    chip<Fault::resources>("broken.architecture.resources"),
    chip<Fault::none>("broken.architecture.undeclared").provides(imbrex::Trait::none),
    imbrex::component<Reader, Config>("broken.workload.none", "Reads one layer", kParams),
    imbrex::component<TrustsFiles, Config>("broken.workload.trusts-files", "Breaks one law",
                                           kParams),
    imbrex::component<ReadsNothing, Config>("broken.workload.reads-nothing", "Breaks one law",
                                            kParams)};

}  // namespace

IMBREX_PLUGIN("broken.inputs", "1.0.0", "Architectures and readers that break one law each", "MIT",
              kComponents)
