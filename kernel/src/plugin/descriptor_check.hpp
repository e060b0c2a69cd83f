// The checks between opening a library and its first virtual call: size, epoch, tag, layout of the
// standard library, boundary types, headers, runtime, ids. Each reads only what the checks before
// it have proven to be readable.
#pragma once

#include <imbrex/plugin/descriptor.hpp>

#include <string>
#include <string_view>

namespace imbrex::plugin {

// What this kernel was built with.
struct HostAbi {
  std::uint32_t size;
  std::uint32_t epoch;
  std::string_view tag;
  std::uint64_t layout;
  const void* runtime;
  TypeTable types;
  std::string_view headers;
};
HostAbi host_abi() noexcept;

// Why the library must not be used, as one sentence with both values and the remedy; empty when it
// may.
std::string refusal_of(const PluginDescriptor* descriptor, const HostAbi& host);

// The last check: plugin id, and every component complete, of a known kind and interface version,
// and named vendor.kind.name, once, with parameters and facts as they must be (param_check.hpp).
std::string id_problem(const PluginDescriptor& descriptor);

// Why the text cannot be a component's id, whatever its kind; empty when it can.
std::string component_id_problem(std::string_view id);

}  // namespace imbrex::plugin
