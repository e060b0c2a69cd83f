// Which components combine, from what they declare (plugin.hpp, Trait): the text of
// `imbrex plugins --matrix`.
#pragma once

#include <imbrex/plugin/descriptor.hpp>

#include <span>
#include <string>

namespace imbrex::app {

// Three tables: which cost model runs on which architecture, which stage on which of these pairs,
// and what stages need of earlier ones. Fits 100 columns, however many components there are, as
// long as their ids have at most 40 characters. `components` are sorted by id.
std::string combination_matrix(std::span<const Component* const> components);

}  // namespace imbrex::app
