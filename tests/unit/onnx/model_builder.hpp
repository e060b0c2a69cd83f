// Writes small ONNX files for tests: a graph is a few calls, as short as the case it is for.
#pragma once

#include "graph_builder.hpp"
#include "reader.hpp"
#include "temporary_folder.hpp"
#include "workload_view.hpp"

#include <imbrex/plugin/error.hpp>

#include <memory>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

namespace imbrex::onnx_reader {

using test::TemporaryFolder;

class ModelBuilder : public GraphBuilder {
 public:
  explicit ModelBuilder(std::int64_t opset = 13)
      : ModelBuilder(std::make_unique<::onnx::ModelProto>(), opset) {}
  ::onnx::ModelProto& proto() { return *model_; }
  const ::onnx::ModelProto& proto() const { return *model_; }
  std::string bytes() const { return model_->SerializeAsString(); }
  // Path of the written file.
  std::string write(const TemporaryFolder& folder) const {
    return folder.write("model.onnx", bytes()).string();
  }

  // Reads it back through the whole reader.
  Workload read(Config config = {}) const {
    const TemporaryFolder folder;
    config.file.value = write(folder);
    WorkloadBuilder builder("test");
    read_onnx(config, builder);
    return builder.finish();
  }
  // What a run would warn of.
  std::vector<std::string> warnings(Config config = {}) const {
    const TemporaryFolder folder;
    config.file.value = write(folder);
    WorkloadBuilder builder("test");
    return read_onnx(config, builder).warnings;
  }
  // The complaint about it, without the path in front.
  std::string complaint(Config config = {}) const {
    const TemporaryFolder folder;
    config.file.value = write(folder);
    WorkloadBuilder builder("test");
    try {
      read_onnx(config, builder);
      builder.finish();
    } catch (const InputError& error) {
      const std::string message = error.what();
      const std::string front = config.file.value + ": ";
      return message.starts_with(front) ? message.substr(front.size())
                                        : "no path in front: " + message;
    }
    return "accepted";
  }

 private:
  ModelBuilder(std::unique_ptr<::onnx::ModelProto> model, std::int64_t opset)
      : GraphBuilder(*model->mutable_graph()), model_(std::move(model)) {
    model_->set_ir_version(8);
    model_->add_opset_import()->set_version(opset);
    model_->mutable_graph()->set_name("test");
  }
  std::unique_ptr<::onnx::ModelProto> model_;
};

}  // namespace imbrex::onnx_reader
