#include "model_file.hpp"

#include <imbrex/plugin/error.hpp>

#include <filesystem>
#include <fstream>
#include <limits>
#include <string_view>
#include <vector>

#include <fmt/core.h>
#include <onnx/onnx_pb.h>

namespace imbrex::onnx_reader {
namespace {

std::vector<char> read_bytes(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  if (!std::filesystem::exists(status)) {
    throw InputError("no such file");
  }
  if (std::filesystem::is_directory(status)) {
    throw InputError("is a folder, not an ONNX file");
  }
  if (!std::filesystem::is_regular_file(status)) {
    throw InputError("is not a regular file");
  }
  const std::uintmax_t size = std::filesystem::file_size(path, ignored);
  if (size > static_cast<std::uintmax_t>(std::numeric_limits<int>::max())) {
    throw InputError(
        "is larger than 2 GiB, the limit of the ONNX format; store its weights as external data");
  }
  std::vector<char> bytes(static_cast<std::size_t>(size));
  std::ifstream stream(path, std::ios::binary);
  if (!stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) {
    throw InputError("cannot be read");
  }
  return bytes;
}

void require_content(std::string_view bytes) {
  if (bytes.empty()) {
    throw InputError("is empty (0 bytes), not an ONNX file");
  }
  if (bytes.starts_with("version https://git-lfs")) {
    throw InputError("is a Git LFS pointer, not the model itself; fetch it with 'git lfs pull'");
  }
}

// A file of IR version 3 or later that lists no opset was cut off after its graph.
void require_graph(const ::onnx::ModelProto& model) {
  if (!model.has_graph()) {
    throw InputError("holds no graph, so it is not an ONNX model");
  }
  if (model.graph().node_size() == 0) {
    throw InputError("holds a graph without nodes");
  }
  if (model.ir_version() >= 3 && model.opset_import_size() == 0) {
    throw InputError("names no operator set (opset_import); the file is incomplete");
  }
}

}  // namespace

void ModelDeleter::operator()(::onnx::ModelProto* model) const noexcept {
  delete model;
}

Model load_model(const std::string& path) {
  const std::vector<char> bytes = read_bytes(path);
  require_content({bytes.data(), bytes.size()});
  Model model(new ::onnx::ModelProto);
  // Protobuf itself bounds the nesting (100 messages) and never allocates beyond the bytes given.
  if (!model->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw InputError(fmt::format(
        "is not an ONNX model, or is damaged: its {} bytes cannot be parsed", bytes.size()));
  }
  require_graph(*model);
  return model;
}

}  // namespace imbrex::onnx_reader
