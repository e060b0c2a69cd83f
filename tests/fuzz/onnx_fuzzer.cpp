// libFuzzer harness: any bytes are read as a network or refused with an InputError.
#include "reader.hpp"

#include <imbrex/plugin/error.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const std::string path = (std::filesystem::temp_directory_path() /
                                   ("imbrex-fuzz-" + std::to_string(getpid()) + ".onnx"))
                                      .string();
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(size));
  imbrex::onnx_reader::Config config;
  config.file.value = path;
  config.on_unknown = imbrex::onnx_reader::OnUnknown::barrier;
  try {
    imbrex::WorkloadBuilder builder("fuzz");
    imbrex::onnx_reader::read_onnx(config, builder);
    builder.finish();
  } catch (const imbrex::InputError&) {
  }
  return 0;
}
