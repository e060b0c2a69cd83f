// Writes kernel/include/imbrex/plugin/type_table.inc: the types and members that a plugin's
// compiler is asked about (see type_table.hpp).
#pragma once

#include "dwarf.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace imbrex::abi {

// "_ZN3fooEv" -> "foo()"; the text itself when it is no mangled name.
std::string demangled(const std::string& name);

class TypeRows {
 public:
  explicit TypeRows(const DebugInfo& info) : info_(info) {}

  // `description` is what the lock says of the type; its digest stands in the row. Types of
  // plugin.hpp itself are left out: the descriptor's size and the epoch watch over them.
  void add(const DebugEntry& type, const std::string& description);
  void print(std::ostream& out) const;

 private:
  std::string member_pointer(const DebugEntry& type, const DebugEntry& member,
                             const std::string& type_name) const;

  const DebugInfo& info_;
  std::vector<std::string> names_;  // "imbrex::LayerCost latency_ps energy_pj"
  std::vector<std::string> rows_;
};

}  // namespace imbrex::abi
