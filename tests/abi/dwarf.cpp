#include "dwarf.hpp"

#include <algorithm>
#include <cstdlib>

namespace imbrex::abi {
namespace {

std::uint64_t hexadecimal(const std::string& text, std::size_t begin) {
  return std::strtoull(text.c_str() + begin, nullptr, 16);
}

// " <2><40>: Abbrev Number: 5 (DW_TAG_member)": depth 2, offset 40. False for any other line.
bool is_entry(const std::string& line, int& depth, std::uint64_t& offset, std::string& tag) {
  if (line.size() < 4 || line[0] != ' ' || line[1] != '<') {
    return false;
  }
  depth = static_cast<int>(hexadecimal(line, 2));
  offset = hexadecimal(line, line.find("><") + 2);
  const std::size_t name = line.find("(DW_TAG_");
  tag = name == std::string::npos ? "" : line.substr(name + 8, line.rfind(')') - name - 8);
  return true;
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  const std::size_t end = text.find_last_not_of(" \t\r");
  return begin == std::string::npos ? std::string() : text.substr(begin, end - begin + 1);
}

// "    <41>   DW_AT_name        : (indirect string, offset: 0x12): Host" -> name, Host
void read_attribute(const std::string& line, DebugEntry& entry) {
  const std::size_t name = line.find("DW_AT_");
  const std::size_t colon = line.find(':', name);
  if (name == std::string::npos || colon == std::string::npos) {
    return;
  }
  std::string value = trimmed(line.substr(colon + 1));
  if (value.rfind("(indirect", 0) == 0 || value.rfind("(indexed", 0) == 0) {
    value = value.substr(value.find("): ") + 3);
  }
  if (const std::size_t tab = value.find('\t'); tab != std::string::npos) {
    const std::size_t operand = value.find("DW_OP_constu: ");
    value = operand == std::string::npos
                ? value.substr(0, tab)
                : value.substr(operand + 14, value.find(')', operand) - operand - 14);
  }
  entry.attributes[trimmed(line.substr(name + 6, colon - name - 6))] = trimmed(value);
}

}  // namespace

DebugInfo::DebugInfo(std::istream& readelf_output) {
  std::vector<DebugEntry*> open;  // the path from the unit to the current entry
  int depth = 0;
  std::uint64_t offset = 0;
  std::string tag;
  for (std::string line; std::getline(readelf_output, line);) {
    if (!is_entry(line, depth, offset, tag)) {
      if (!open.empty()) {
        read_attribute(line, *open.back());
      }
      continue;
    }
    open.resize(std::min(open.size(), static_cast<std::size_t>(depth)));
    if (tag.empty()) {
      continue;  // end of a list of children
    }
    DebugEntry& entry = entries_[offset];
    entry.tag = tag;
    if (!open.empty()) {
      entry.parent = open.back();
      open.back()->children.push_back(&entry);
    }
    open.push_back(&entry);
  }
}

const DebugEntry* DebugInfo::follow(const DebugEntry& entry, const std::string& attribute) const {
  const std::string reference = entry.get(attribute);
  const std::size_t begin = reference.find("<0x");
  if (begin == std::string::npos) {
    return nullptr;
  }
  const auto found = entries_.find(hexadecimal(reference, begin + 3));
  return found == entries_.end() ? nullptr : &found->second;
}

std::string DebugInfo::qualified_name(const DebugEntry& entry) const {
  if (const DebugEntry* declaration = follow(entry, "specification")) {
    return qualified_name(*declaration);
  }
  std::string name = entry.has("name") ? entry.get("name") : "(anonymous)";
  if (entry.parent != nullptr && entry.parent->tag != "compile_unit") {
    name = qualified_name(*entry.parent) + "::" + name;
  }
  return name;
}

// Appended piece by piece: GCC 12 warns of an overlap when a literal is put in front of a string.
std::string DebugInfo::array_name(const DebugEntry& type) const {
  std::string name = type_name(follow(type, "type"));
  for (const DebugEntry* range : type.children) {
    name += '[';
    name += std::to_string(std::atoll(range->get("upper_bound").c_str()) + 1);
    name += ']';
  }
  return name;
}

std::string DebugInfo::function_name(const DebugEntry& type) const {
  std::string name = type_name(follow(type, "type"));
  name += " (";
  for (const DebugEntry* parameter : type.children) {
    name += parameter == type.children.front() ? "" : ", ";
    name += type_name(follow(*parameter, "type"));
  }
  name += ')';
  return name;
}

std::string DebugInfo::type_name(const DebugEntry* type) const {
  if (type == nullptr) {
    return "void";
  }
  const std::string& tag = type->tag;
  if (tag == "typedef") {
    return type_name(follow(*type, "type"));
  }
  if (tag == "array_type") {
    return array_name(*type);
  }
  if (tag == "subroutine_type") {
    return function_name(*type);
  }
  static const std::map<std::string, std::string> kSuffixes = {{"pointer_type", "*"},
                                                               {"reference_type", "&"},
                                                               {"rvalue_reference_type", "&&"},
                                                               {"const_type", " const"},
                                                               {"volatile_type", " volatile"}};
  const auto suffix = kSuffixes.find(tag);
  return suffix == kSuffixes.end() ? qualified_name(*type)
                                   : type_name(follow(*type, "type")) + suffix->second;
}

}  // namespace imbrex::abi
