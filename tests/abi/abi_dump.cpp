// Describes every type of the public headers as far as a compiled plugin depends on it: sizes,
// member offsets and types, enumerators, order and signatures of virtual functions. One line per
// fact, sorted by type, so that a change reads well as a difference.
//
//   readelf --debug-dump=info plugin_header.o | abi_dump > abi.txt
#include "dwarf.hpp"

#include <imbrex/abi.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <set>
#include <sstream>
#include <string>

#include <cxxabi.h>

namespace imbrex::abi {
namespace {

std::string demangled(const std::string& name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      ::abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 ? std::string(text.get()) : name;
}

bool is_record(const DebugEntry& entry) {
  return entry.tag == "class_type" || entry.tag == "structure_type" || entry.tag == "union_type";
}

// Types of the public headers that have a definition and a name of their own.
bool belongs_to_the_boundary(const DebugEntry& entry, const std::string& name) {
  return (is_record(entry) || entry.tag == "enumeration_type") && !entry.has("declaration") &&
         name.rfind("imbrex::", 0) == 0 && name.rfind("imbrex::detail::", 0) != 0 &&
         name.find("(anonymous)") == std::string::npos && name.find("<lambda") == std::string::npos;
}

void describe_virtual(const DebugInfo& info, const DebugEntry& function, std::ostream& out) {
  const std::string linkage = function.get("linkage_name");
  // Destructors have no slot in the debug information; the gap in the numbers shows where they are.
  const std::string signature = linkage.empty() ? function.get("name") : demangled(linkage);
  out << "  virtual " << function.get("vtable_elem_location") << " "
      << info.type_name(info.follow(function, "type")) << " " << signature << "\n";
}

void describe_child(const DebugInfo& info, const DebugEntry& child, std::ostream& out) {
  const std::string type = info.type_name(info.follow(child, "type"));
  if (child.tag == "inheritance") {
    out << "  +" << child.get("data_member_location") << " base " << type << "\n";
  } else if (child.tag == "member" && child.has("data_member_location")) {
    out << "  +" << child.get("data_member_location") << " " << child.get("name") << " : " << type
        << "\n";
  } else if (child.tag == "subprogram" && child.has("virtuality")) {
    describe_virtual(info, child, out);
  } else if (child.tag == "enumerator") {
    out << "  " << child.get("name") << " = " << child.get("const_value") << "\n";
  }
}

std::string description(const DebugInfo& info, const DebugEntry& entry, const std::string& name) {
  std::ostringstream out;
  if (entry.tag == "enumeration_type") {
    out << "enum " << name << " : " << info.type_name(info.follow(entry, "type")) << "\n";
  } else {
    out << "type " << name << " size " << entry.get("byte_size") << "\n";
  }
  for (const DebugEntry* child : entry.children) {
    describe_child(info, *child, out);
  }
  return out.str();
}

}  // namespace
}  // namespace imbrex::abi

int main() {
  const imbrex::abi::DebugInfo info(std::cin);
  std::set<std::string> descriptions;
  for (const auto& [offset, entry] : info.entries()) {
    const std::string name = info.qualified_name(entry);
    if (imbrex::abi::belongs_to_the_boundary(entry, name)) {
      descriptions.insert(imbrex::abi::description(info, entry, name));
    }
  }
  std::cout << "epoch " << IMBREX_ABI_EPOCH << "\n";
  for (const std::string& description : descriptions) {
    std::cout << description;
  }
  return descriptions.empty() ? 1 : 0;
}
