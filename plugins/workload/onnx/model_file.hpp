// From a path to a parsed ONNX file, with one clear message for everything that is not one.
#pragma once

#include <memory>
#include <string>

namespace onnx {
class ModelProto;
}

namespace imbrex::onnx_reader {

// Deleter in the one file that knows the type.
struct ModelDeleter {
  void operator()(::onnx::ModelProto* model) const noexcept;
};
using Model = std::unique_ptr<::onnx::ModelProto, ModelDeleter>;

// Errors: InputError (without the path in front) for a missing file, a folder, an empty or
// truncated file, a Git LFS pointer, other data, a file without a graph. Weights may be absent.
Model load_model(const std::string& path);

}  // namespace imbrex::onnx_reader
