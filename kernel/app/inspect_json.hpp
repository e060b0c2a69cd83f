#pragma once

#include <imbrex/values/workload.hpp>

#include <string>

namespace imbrex::app {

// {"name": ..., "operators": n, "macs": ..., "layers": [...]}; ends with a newline. Names and
// meanings: sdk/docs/onnx.md.
std::string inspect_json(const Workload& workload);

}  // namespace imbrex::app
