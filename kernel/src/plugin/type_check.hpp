// What plugin and kernel were built with, compared: the table of boundary types, which names what
// differs, and the digests of the headers, which miss nothing.
#pragma once

#include <imbrex/plugin/descriptor.hpp>

#include <string>

namespace imbrex::plugin {

// The difference as one clause, "type imbrex::LayerCost differs: ..."; empty when there is none. Of
// several types the smallest is named: a type that holds another is at least as large, so the cause
// comes before its consequences. Complexity: two comparisons of bytes when nothing differs.
std::string type_difference(const TypeTable& plugin, const TypeTable& host);

// "header imbrex/plugin/host.hpp differs ..."; empty when all are alike. Both are lines "name
// digest", sorted by name.
std::string header_difference(std::string_view plugin, std::string_view host);

}  // namespace imbrex::plugin
