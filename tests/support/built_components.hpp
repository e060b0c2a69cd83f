// Components of the build tree's plugins, the way the kernel makes them: registry, configs by
// parameter name. For tests of components with one another.
#pragma once

#include "plugin/host_services.hpp"
#include "plugin/registry.hpp"

#include <imbrex/plugin.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace imbrex::test {

// Every plugin of the build tree, loaded once per test program.
inline const plugin::Registry& registry() {
  static const plugin::Registry instance([] {
    plugin::PluginSearchPath path;
    path.defaults = {IMBREX_PLUGIN_DIR};
    return path;
  }());
  return instance;
}

// A component with some of its parameters set by name, as a recipe would. Choices are given as
// text.
using SettingValue = std::variant<bool, std::int64_t, double, std::string,
                                  std::vector<std::int64_t>, std::vector<std::string>>;
using Settings = std::vector<std::pair<std::string, SettingValue>>;

namespace detail {

inline ParamValue param_value(const ParamSpec& spec, const SettingValue& given) {
  ParamValue value;
  value.type = spec.type;
  if (const auto* integer = std::get_if<std::int64_t>(&given)) {
    value.integer = *integer;
    value.boolean = *integer != 0;
    value.real = static_cast<double>(*integer);
  } else if (const auto* truth = std::get_if<bool>(&given)) {
    value.boolean = *truth;
  } else if (const auto* real = std::get_if<double>(&given)) {
    value.real = *real;
  } else if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&given)) {
    value.integers = *integers;
  } else if (const auto* texts = std::get_if<std::vector<std::string>>(&given)) {
    value.texts = *texts;
  } else {
    value.text = std::get<std::string>(given);
    for (std::size_t i = 0; i < spec.choices.size(); ++i) {
      if (spec.choices[i] == value.text) {
        value.integer = static_cast<std::int64_t>(i);
        return value;
      }
    }
    if (spec.type == ParamType::choice) {
      throw std::invalid_argument("no choice " + std::string(value.text));
    }
  }
  return value;
}

}  // namespace detail

inline plugin::ConfigHandle configure(std::string_view id, const Settings& settings = {}) {
  const Component* const component = registry().find(id);
  if (component == nullptr) {
    throw std::runtime_error(registry().not_found_message(id));
  }
  plugin::ConfigHandle config(*component);
  for (const auto& [name, value] : settings) {
    bool known = false;
    for (const ParamSpec& spec : component->params) {
      if (spec.name == name) {
        spec.store(config.get(), detail::param_value(spec, value));
        known = true;
      }
    }
    if (!known) {
      throw std::invalid_argument("component " + std::string(id) + " has no parameter " + name);
    }
  }
  return config;
}

template <class Interface>
plugin::Instance<Interface> make(std::string_view id, const Settings& settings,
                                 const Context& context) {
  return plugin::make_instance<Interface>(configure(id, settings), context);
}

inline Host& host() {
  static plugin::HostServices services{plugin::HostOptions{}};
  static Host& instance = services.host_for("test", 1, 0);
  return instance;
}

// configs/workloads/NAME.toml through the reader plugin.
inline std::shared_ptr<const Workload> load_workload(const std::string& name,
                                                     Settings settings = {}) {
  settings.emplace_back("file",
                        std::string(IMBREX_SOURCE_DIR) + "/configs/workloads/" + name + ".toml");
  Context context;
  context.host = &host();
  const auto reader = make<WorkloadReader>("imbrex.workload.toml", settings, context);
  WorkloadBuilder builder(name);
  reader->read(builder);
  return std::make_shared<const Workload>(builder.finish());
}

}  // namespace imbrex::test
