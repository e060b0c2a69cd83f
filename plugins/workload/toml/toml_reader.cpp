// File: toml_reader.cpp
//
// imbrex.workload.toml: networks written by hand.
#include "network.hpp"

#include <imbrex/batch.hpp>
#include <imbrex/plugin.hpp>

namespace {

struct Config {
  imbrex::Path file;
  std::int64_t bits = 8;
  std::int64_t batch = 1;
  std::int64_t batch_axis = imbrex::kNoBatchAxis;
};

constexpr imbrex::ParamSpec kParams[] = {
    imbrex::param<&Config::file>("file", "The workload file (sdk/docs/workloads.md)").mandatory(),
    imbrex::param<&Config::bits>(
        "bits", "Width of weights and of data where the file gives none. Default 8: as usual")
        .unit("bit")
        .range(1, 64),
    imbrex::param<&Config::batch>(
        "batch",
        "Samples that run together: multiplies the axis of every input that counts samples, the "
        "first one unless `batch_axis` says otherwise. Default 1: as the file says")
        .unit("sample")
        .range(1, 1 << 20),
    imbrex::param<&Config::batch_axis>(
        "batch_axis",
        "Axis of the inputs that counts samples, so that the file holds as many as it is long; 1 "
        "where time comes first. Default -1, nobody says: the first axis of images (inputs of at "
        "least four axes), and one sample in any other file, whose axes may count steps or tokens")
        .range(imbrex::kNoBatchAxis, imbrex::kMaxRank - 1),
};

class TomlReader final : public imbrex::WorkloadReader {
 public:
  TomlReader(const Config& config, const imbrex::Context&) : file_(config.file.value) {
    options_.bits = static_cast<std::int32_t>(config.bits);
    options_.batch = config.batch;
    options_.batch_axis = config.batch_axis;
  }

  void read(imbrex::WorkloadBuilder& builder) override {
    const imbrex::Document document = imbrex::Document::parse_file(file_);
    const auto build = [&](imbrex::WorkloadBuilder& target, std::int64_t batch) {
      imbrex_toml::ReaderOptions options = options_;
      options.batch = batch;
      imbrex_toml::Network(document, target, options).build();
    };
    imbrex::require_batch(options_.batch, build);
    build(builder, options_.batch);
  }

 private:
  std::string file_;
  imbrex_toml::ReaderOptions options_;
};

constexpr imbrex::Component kComponents[] = {imbrex::component<TomlReader, Config>(
    "imbrex.workload.toml", "Reads a hand-written network with reusable blocks", kParams)};

}  // namespace

IMBREX_PLUGIN("imbrex.workload.toml", "0.1.0", "Hand-written networks", "Apache-2.0", kComponents)
