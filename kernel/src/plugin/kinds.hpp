// The words for the seven kinds of component.
#pragma once

#include <imbrex/plugin/descriptor.hpp>

#include <array>
#include <string_view>

namespace imbrex::plugin {

struct KindWords {
  std::string_view id_part;         // middle of a component id: vendor.ID_PART.name
  std::string_view interface_name;  // for people
};

inline constexpr std::array<KindWords, 7> kKindWords = {{
    {"workload", "workload reader"},
    {"architecture", "architecture model"},
    {"cost", "cost model"},
    {"partition", "partitioner"},
    {"search", "search strategy"},
    {"overlap", "overlap analyzer"},
    {"report", "reporter"},
}};

constexpr const KindWords& words_of(Kind kind) noexcept {
  return kKindWords[index(kind)];
}

// Of every interface, until one of them changes on its own.
inline constexpr std::uint32_t kInterfaceVersion = 1;

}  // namespace imbrex::plugin
