// Describes every type of the public headers as far as a compiled plugin depends on it: sizes,
// member offsets and types, enumerators, order and signatures of virtual functions. One line per
// fact, sorted by type, so that a change reads well as a difference.
//
// The same types and members again as type_table.inc, for the compiler: what plugins carry comes
// from the list that the lock shows.
//
//   readelf --debug-dump=info public_headers.o | abi_dump abi.txt type_table.inc
#include "dwarf.hpp"
#include "type_rows.hpp"

#include <imbrex/plugin/abi.hpp>

#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>

namespace imbrex::abi {
namespace {

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

int main(int count, char** arguments) {
  using namespace imbrex::abi;
  const DebugInfo info(std::cin);
  std::map<std::string, const DebugEntry*> types;  // by description: equal ones once
  for (const auto& [offset, entry] : info.entries()) {
    const std::string name = info.qualified_name(entry);
    if (belongs_to_the_boundary(entry, name)) {
      types.emplace(description(info, entry, name), &entry);
    }
  }
  if (count != 3 || types.empty()) {
    std::cerr << "usage: readelf --debug-dump=info OBJECT | abi_dump ABI_TEXT TYPE_TABLE\n";
    return 1;
  }
  std::ofstream text(arguments[1]);
  text << "epoch " << IMBREX_ABI_EPOCH << "\n";
  TypeRows rows(info);
  for (const auto& [description, entry] : types) {
    text << description;
    rows.add(*entry, description);
  }
  std::ofstream table(arguments[2]);
  rows.print(table);
  return text.flush() && table.flush() ? 0 : 1;
}
