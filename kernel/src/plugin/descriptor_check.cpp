#include "plugin/descriptor_check.hpp"

#include "plugin/kinds.hpp"
#include "plugin/param_check.hpp"
#include "plugin/type_check.hpp"

#include <imbrex/plugin/type_table.hpp>

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

// Generated: the public headers as this kernel's compiler found them.
extern "C" __attribute__((visibility("hidden"))) const char imbrex_header_digests[];

namespace imbrex::plugin {
namespace {

// "0.1" of "0.1.0": what find_package is asked for.
std::string rebuild_advice() {
  const std::string_view version = IMBREX_VERSION;
  return fmt::format("rebuild with find_package(Imbrex {})", version.substr(0, version.rfind('.')));
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = text.find(separator);
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return parts;
}

// Remedy for the first field in which two tags differ, in the order of IMBREX_ABI_TAG.
std::string tag_remedy(std::string_view plugin, std::string_view host) {
  const auto plugin_parts = split(plugin, '/');
  const auto host_parts = split(host, '/');
  if (plugin_parts.size() != host_parts.size()) {
    return rebuild_advice();
  }
  const auto [mine, theirs] =
      std::mismatch(plugin_parts.begin(), plugin_parts.end(), host_parts.begin());
  const bool host_is_debug = theirs != host_parts.end() && *theirs == "debug-stl";
  const std::array<std::string_view, 6> remedies = {
      "build both with the same standard library",
      "build both with the same -D_GLIBCXX_USE_CXX11_ABI",
      host_is_debug ? "add -D_GLIBCXX_DEBUG" : "remove -D_GLIBCXX_DEBUG",
      "remove -fno-rtti",
      "build both with the same -fsanitize",
      "build both for the same pointer size"};
  const auto field = static_cast<std::size_t>(mine - plugin_parts.begin());
  return field < remedies.size() ? std::string(remedies[field]) : rebuild_advice();
}

bool is_id_part(std::string_view part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_dotted_id(std::string_view id, std::size_t min_parts, std::size_t max_parts) {
  const auto parts = split(id, '.');
  return parts.size() >= min_parts && parts.size() <= max_parts &&
         std::all_of(parts.begin(), parts.end(), is_id_part);
}

std::string component_problem(const Component& component) {
  if (std::string problem = component_id_problem(component.id); !problem.empty()) {
    return problem;
  }
  if (index(component.kind) >= kKindWords.size()) {
    return fmt::format("component '{}' is of kind {}, this imbrex knows {} kinds; {}", component.id,
                       static_cast<unsigned>(component.kind), kKindWords.size(), rebuild_advice());
  }
  const KindWords& words = words_of(component.kind);
  const auto parts = split(component.id, '.');
  if (parts[1] != words.id_part) {
    return fmt::format("component '{}' is a {}; name it '{}.{}.{}'", component.id,
                       words.interface_name, parts[0], words.id_part, parts[2]);
  }
  if (component.interface_version != kInterfaceVersion) {
    return fmt::format(
        "component '{}' implements version {} of the {} interface, this imbrex has "
        "version {}; {}",
        component.id, component.interface_version, words.interface_name, kInterfaceVersion,
        rebuild_advice());
  }
  if (component.new_config == nullptr || component.delete_config == nullptr ||
      component.create == nullptr || component.destroy == nullptr) {
    return fmt::format("component '{}' cannot be constructed; describe it with imbrex::component<>",
                       component.id);
  }
  return declaration_problem(component);
}

std::string duplicate_problem(std::span<const Component> components) {
  std::vector<std::string_view> ids;
  ids.reserve(components.size());
  for (const Component& component : components) {
    ids.push_back(component.id);
  }
  std::sort(ids.begin(), ids.end());
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  return twice == ids.end()
             ? std::string()
             : fmt::format("two of its components have the id '{}'; rename one", *twice);
}

// Types first: they name what differs. A plugin that imbrex_add_plugin() did not build knows its
// types only.
std::string boundary_problem(const PluginDescriptor& descriptor, const HostAbi& host) {
  std::string problem = type_difference(descriptor.types, host.types);
  if (problem.empty() && descriptor.headers != nullptr) {
    problem = header_difference(descriptor.headers, host.headers);
  }
  return problem;
}

}  // namespace

HostAbi host_abi() noexcept {
  static constinit const auto words = detail::type_table_words();
  return {sizeof(PluginDescriptor),
          IMBREX_ABI_EPOCH,
          IMBREX_ABI_TAG,
          layout_fingerprint(),
          &typeid(std::runtime_error),
          {IMBREX_TYPE_NAMES, &words, sizeof(words) / 8},
          imbrex_header_digests};
}

std::string refusal_of(const PluginDescriptor* descriptor, const HostAbi& host) {
  if (descriptor == nullptr) {
    return fmt::format("{}() returned null; describe its components with IMBREX_PLUGIN",
                       kEntrySymbol);
  }
  if (descriptor->size != host.size) {
    return fmt::format("its descriptor has {} bytes, this imbrex expects {}; {}", descriptor->size,
                       host.size, rebuild_advice());
  }
  if (descriptor->epoch != host.epoch) {
    return fmt::format("built for ABI epoch {}, this imbrex has epoch {}; {}", descriptor->epoch,
                       host.epoch, rebuild_advice());
  }
  const std::string_view tag = descriptor->abi_tag != nullptr ? descriptor->abi_tag : "none";
  if (tag != host.tag) {
    return fmt::format("ABI tag differs: plugin {}, host {}; {}", tag, host.tag,
                       tag_remedy(tag, host.tag));
  }
  if (descriptor->layout != host.layout) {
    return fmt::format("memory layout differs: plugin {:016x}, host {:016x}; {}",
                       descriptor->layout, host.layout, rebuild_advice());
  }
  if (const std::string problem = boundary_problem(*descriptor, host); !problem.empty()) {
    return fmt::format("{}; {}", problem, rebuild_advice());
  }
  if (descriptor->runtime != host.runtime) {
    return "carries its own C++ runtime (-static-libstdc++?); link the shared one";
  }
  return id_problem(*descriptor);
}

std::string component_id_problem(std::string_view id) {
  return is_dotted_id(id, 3, 3)
             ? std::string()
             : fmt::format(
                   "component id '{}' is not vendor.kind.name in lower-case letters, digits and "
                   "hyphens",
                   id);
}

std::string id_problem(const PluginDescriptor& descriptor) {
  if (!is_dotted_id(descriptor.id, 2, 3)) {
    return fmt::format(
        "plugin id '{}' is not vendor.name in lower-case letters, digits and hyphens",
        descriptor.id);
  }
  for (const Component& component : descriptor.components) {
    if (std::string problem = component_problem(component); !problem.empty()) {
      return problem;
    }
  }
  return duplicate_problem(descriptor.components);
}

}  // namespace imbrex::plugin
