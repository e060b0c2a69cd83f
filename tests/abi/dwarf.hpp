// The entries of `readelf --debug-dump=info`: enough of DWARF to describe the types of a header.
#pragma once

#include <cstdint>
#include <istream>
#include <map>
#include <string>
#include <vector>

namespace imbrex::abi {

struct DebugEntry {
  std::string tag;                                // "class_type", "member", ... without DW_TAG_
  std::map<std::string, std::string> attributes;  // without DW_AT_; references as "<1a2b>"
  const DebugEntry* parent = nullptr;
  std::vector<const DebugEntry*> children;

  bool has(const std::string& attribute) const { return attributes.count(attribute) != 0; }
  std::string get(const std::string& attribute) const {
    const auto found = attributes.find(attribute);
    return found == attributes.end() ? std::string() : found->second;
  }
};

class DebugInfo {
 public:
  // Reads everything; lines it does not know are skipped.
  explicit DebugInfo(std::istream& readelf_output);

  const std::map<std::uint64_t, DebugEntry>& entries() const { return entries_; }
  // The entry that a reference attribute names, or null.
  const DebugEntry* follow(const DebugEntry& entry, const std::string& attribute) const;
  // imbrex::JobShape::Kind
  std::string qualified_name(const DebugEntry& entry) const;
  // As a declaration would spell it, with all typedefs resolved; "void" for null.
  std::string type_name(const DebugEntry* type) const;

 private:
  std::string array_name(const DebugEntry& type) const;
  std::string function_name(const DebugEntry& type) const;
  std::map<std::uint64_t, DebugEntry> entries_;  // by offset
};

}  // namespace imbrex::abi
