// Networks of any size, as the texts that `imbrex.workload.toml` reads.
#pragma once

#include <cstdint>
#include <string>

namespace imbrex::scaling {

// A first convolution, then blocks of one convolution whose output is added to its input.
std::string residual_chain(std::int64_t layers);
// Eighteen equal convolutions over a square image.
std::string image_chain(std::int64_t extent);
// Decoder layers of a 7B-class model (configs/workloads/llama-7b-decoder.toml) for a prompt.
std::string decoder(std::int64_t layers, std::int64_t tokens);

}  // namespace imbrex::scaling
