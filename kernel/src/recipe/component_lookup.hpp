// What resolution needs to know about the available components. The registry in the command, a
// plain table in tests.
#pragma once

#include <imbrex/plugin/descriptor.hpp>

#include <span>
#include <string>
#include <string_view>

namespace imbrex::recipe {

class ComponentLookup {
 public:
  virtual const Component* find(std::string_view id) const = 0;
  // "no component 'x'; did you mean 'y' (file)?"
  virtual std::string not_found_message(std::string_view id) const = 0;
  // Told once after all messages about missing components; may be empty.
  virtual std::string load_failures_message() const { return {}; }
  // Sorted by id.
  virtual std::span<const Component* const> components() const = 0;

 protected:
  ~ComponentLookup() = default;
};

}  // namespace imbrex::recipe
