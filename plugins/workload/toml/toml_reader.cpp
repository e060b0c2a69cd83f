// imbrex.workload.toml: networks written by hand.
#include "network.hpp"

#include <imbrex/plugin.hpp>
#include <imbrex/values/workload_builder.hpp>

namespace imbrex::toml_reader {
namespace {

struct Config {
  Path file;
  std::int64_t bits = 8;
  std::int64_t batch = 1;
  std::int64_t batch_axis = kNoBatchAxis;
};

constexpr ParamSpec kParams[] = {
    param<&Config::file>("file", "The workload file (sdk/docs/workloads.md)").mandatory(),
    param<&Config::bits>(
        "bits", "Width of weights and of data where the file gives none. Default 8: as usual")
        .unit("bit")
        .range(1, 64),
    param<&Config::batch>(
        "batch",
        "Samples that run together: multiplies the axis of every input that counts samples, the "
        "first one unless `batch_axis` says otherwise. Default 1: as the file says")
        .unit("sample")
        .range(1, 1 << 20),
    param<&Config::batch_axis>(
        "batch_axis",
        "Axis of the inputs that counts samples, so that the file holds as many as it is long; 1 "
        "where time comes first. Default -1, nobody says: the first axis of images (inputs of at "
        "least four axes), and one sample in any other file, whose axes may count steps or tokens")
        .range(kNoBatchAxis, kMaxRank - 1),
};

class TomlReader final : public WorkloadReader {
 public:
  TomlReader(const Config& config, const Context&) : file_(config.file.value) {
    options_.bits = static_cast<std::int32_t>(config.bits);
    options_.batch = config.batch;
    options_.batch_axis = config.batch_axis;
  }

  void read(WorkloadBuilder& builder) override {
    const Document document = Document::parse_file(file_);
    const auto build = [&](WorkloadBuilder& target, std::int64_t batch) {
      ReaderOptions options = options_;
      options.batch = batch;
      Network(document, target, options).build();
    };
    require_batch(options_.batch, build);
    build(builder, options_.batch);
  }

 private:
  std::string file_;
  ReaderOptions options_;
};

constexpr Component kComponents[] = {component<TomlReader, Config>(
    "imbrex.workload.toml", "Reads a hand-written network with reusable blocks", kParams)};

}  // namespace

IMBREX_PLUGIN("imbrex.workload.toml", "0.1.0", "Hand-written networks", "Apache-2.0", kComponents)

}  // namespace imbrex::toml_reader
