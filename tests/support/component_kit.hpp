// Loads plugin libraries of the build tree and makes components of them by id, with parameters by
// name, the way the kernel does.
#pragma once

#include "plugin/registry.hpp"

#include <imbrex/plugin/descriptor.hpp>

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace imbrex::testing {

// A parameter's value; choices by name.
using Setting = std::variant<bool, std::int64_t, double, std::string>;
using Settings = std::vector<std::pair<std::string, Setting>>;

inline Setting integer(std::int64_t value) {
  return value;
}

class ComponentKit {
 public:
  // Names of libraries without ".imbrex.so".
  explicit ComponentKit(std::initializer_list<std::string_view> libraries)
      : registry_(search_path(libraries)) {}

  template <class Interface>
  plugin::Instance<Interface> make(std::string_view id, const Settings& settings,
                                   const Context& context) const {
    const Component* component = registry_.find(id);
    if (component == nullptr) {
      throw std::logic_error(registry_.not_found_message(id));
    }
    const plugin::ConfigHandle config(*component);
    for (const auto& [name, setting] : settings) {
      set(*component, config, name, setting);
    }
    return plugin::make_instance<Interface>(config, context);
  }

  const Component& component(std::string_view id) const { return *registry_.find(id); }

 private:
  static plugin::PluginSearchPath search_path(std::initializer_list<std::string_view> libraries) {
    plugin::PluginSearchPath path;
    for (const std::string_view library : libraries) {
      path.files.push_back(std::string(IMBREX_PLUGIN_DIR) + "/" + std::string(library) +
                           ".imbrex.so");
    }
    return path;
  }

  static void set(const Component& component, const plugin::ConfigHandle& config,
                  std::string_view name, const Setting& setting) {
    for (const ParamSpec& spec : component.params) {
      if (spec.name != name) {
        continue;
      }
      ParamValue value = value_of(spec, setting);
      spec.store(config.get(), value);
      return;
    }
    throw std::logic_error("no parameter " + std::string(name));
  }

  static ParamValue value_of(const ParamSpec& spec, const Setting& setting) {
    ParamValue value;
    value.type = spec.type;
    if (spec.type == ParamType::choice) {
      const std::string& wanted = std::get<std::string>(setting);
      for (std::size_t i = 0; i < spec.choices.size(); ++i) {
        if (spec.choices[i] == wanted) {
          value.integer = static_cast<std::int64_t>(i);
          return value;
        }
      }
      throw std::logic_error("no choice " + wanted);
    }
    if (spec.type == ParamType::boolean) {
      value.boolean = std::get<bool>(setting);
    } else if (spec.type == ParamType::integer) {
      value.integer = std::get<std::int64_t>(setting);
    } else if (spec.type == ParamType::real) {
      value.real = std::get<double>(setting);
    } else {
      value.text = std::get<std::string>(setting);
    }
    return value;
  }

  plugin::Registry registry_;
};

}  // namespace imbrex::testing
