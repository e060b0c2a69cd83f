#include "type_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <cxxabi.h>

namespace imbrex::abi {
namespace {

// FNV-1a: a change must be seen, nobody attacks.
std::uint64_t digest_of(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  }
  return hash;
}

// References have no pointer to member; sizes and the members around them tell where they are.
bool is_reference(const DebugEntry* type) {
  return type != nullptr && (type->tag == "reference_type" || type->tag == "rvalue_reference_type");
}

bool is_overloaded(const DebugEntry& type, const std::string& function) {
  return std::count_if(type.children.begin(), type.children.end(), [&](const DebugEntry* child) {
           return child->tag == "subprogram" && child->get("name") == function;
         }) > 1;
}

bool is_virtual_function(const DebugEntry& child) {
  return child.tag == "subprogram" && child.has("virtuality") &&
         child.get("name").rfind('~', 0) != 0;
}

bool is_data_member(const DebugEntry& child) {
  return child.tag == "member" && child.has("data_member_location") && child.has("name") &&
         !child.has("bit_size") && !child.has("artificial");
}

// Spaces separate the names of a row, so a template's arguments have none: "Table<int,long_int>".
std::string without_spaces(std::string name) {
  for (std::size_t at = 0; (at = name.find(", ", at)) != std::string::npos;) {
    name.erase(at + 1, 1);
  }
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

}  // namespace

std::string demangled(const std::string& name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      ::abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 ? std::string(text.get()) : name;
}

// &imbrex::Host::log, or a cast of it to the one overload that is meant.
std::string TypeRows::member_pointer(const DebugEntry& type, const DebugEntry& member,
                                     const std::string& type_name) const {
  const std::string name = member.get("name");
  std::string pointer = "&";
  pointer += type_name + "::" + name;
  if (member.tag != "subprogram" || !is_overloaded(type, name)) {
    return pointer;
  }
  const std::string signature = demangled(member.get("linkage_name"));
  const std::string parameters = signature.substr(signature.find('('));
  std::string cast = "static_cast<";
  cast += info_.type_name(info_.follow(member, "type"));
  cast += " (" + type_name + "::*)" + parameters + ">(" + pointer + ")";
  return cast;
}

// Appended piece by piece: GCC 12 warns of an overlap when a literal is put in front of a string.
void TypeRows::add(const DebugEntry& type, const std::string& description) {
  const std::string type_name = info_.qualified_name(type);
  char digest[32];
  std::snprintf(digest, sizeof digest, "0x%016llxull",
                static_cast<unsigned long long>(digest_of(description)));
  std::string names = without_spaces(type_name);
  std::string row = std::to_string(rows_.size()) + ", " + digest + ", " + type_name;
  for (const DebugEntry* child : type.children) {
    const bool data = is_data_member(*child) && !is_reference(info_.follow(*child, "type"));
    if (data || is_virtual_function(*child)) {
      names += ' ';
      names += child->get("name");
      names += data ? "" : "()";
      row += ",\n  ";
      row += member_pointer(type, *child, type_name);
    } else if (child->tag == "enumerator") {
      names += ' ';
      names += child->get("name");
      names += '=';
      row += ",\n  ";
      row += type_name + "::" + child->get("name");
    }
  }
  names_.push_back(names);
  rows_.push_back(row);
}

void TypeRows::print(std::ostream& out) const {
  out << "// Generated with tests/abi/abi.lock by the target abi-lock; see type_table.hpp.\n"
         "// clang-format off\n"
         "namespace imbrex::detail {\n\n"
         "inline constexpr int kTypeCount = "
      << rows_.size() << ";\n#define IMBREX_TYPE_NAMES";
  for (const std::string& names : names_) {
    out << " \\\n  \"" << names << "\\n\"";
  }
  out << "\n\n";
  for (const std::string& row : rows_) {
    out << "template struct DescribedType<" << row << ">;\n";
  }
  out << "\n}  // namespace imbrex::detail\n// clang-format on\n";
}

}  // namespace imbrex::abi
