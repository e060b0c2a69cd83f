// Reads a workload through the built plugin imbrex.workload.toml, opened directly: tests of
// workloads do not depend on the registry. Needs IMBREX_PLUGIN_DIR and IMBREX_SOURCE_DIR, set for
// every test.
#pragma once

#include <imbrex/plugin/descriptor.hpp>

#include <stdexcept>
#include <string>

#include <dlfcn.h>

namespace imbrex_test {

inline const imbrex::Component& toml_reader() {
  const std::string path = std::string(IMBREX_PLUGIN_DIR) + "/workload_toml.imbrex.so";
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    throw std::runtime_error(dlerror());
  }
  using Entry = const imbrex::PluginDescriptor* (*)() noexcept;
  const auto entry = reinterpret_cast<Entry>(dlsym(library, imbrex::kEntrySymbol));
  if (entry == nullptr) {
    throw std::runtime_error("no entry symbol in " + path);
  }
  return entry()->components[0];
}

// Errors: InputError, as the command would print it.
inline imbrex::Workload read_toml(const std::string& file, std::string_view name = "test",
                                  std::int64_t batch = 1) {
  const imbrex::Component& component = toml_reader();
  imbrex::WorkloadBuilder builder(name);
  void* config = component.new_config();
  imbrex::ParamValue value;
  value.type = imbrex::ParamType::path;
  value.text = file;
  component.params[0].store(config, value);
  for (const imbrex::ParamSpec& spec : component.params) {
    if (spec.name == "batch") {
      imbrex::ParamValue samples;
      samples.type = imbrex::ParamType::integer;
      samples.integer = batch;
      spec.store(config, samples);
    }
  }
  auto* reader = static_cast<imbrex::WorkloadReader*>(component.create(config, imbrex::Context{}));
  const auto release = [&] {
    component.destroy(reader);
    component.delete_config(config);
  };
  try {
    reader->read(builder);
  } catch (...) {
    release();
    throw;
  }
  release();
  return builder.finish();
}

// configs/workloads/NAME.toml
inline imbrex::Workload preset(const std::string& name, std::int64_t batch = 1) {
  return read_toml(std::string(IMBREX_SOURCE_DIR) + "/configs/workloads/" + name + ".toml", name,
                   batch);
}

}  // namespace imbrex_test
