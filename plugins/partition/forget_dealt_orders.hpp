// File: forget_dealt_orders.hpp
//
// Jobs dealt anew belong to the mapping and the servers they were dealt for; who moves operators to
// other resources starts from the mappings' own orders.
#pragma once

#include <imbrex/design.hpp>

namespace imbrex {

inline void forget_dealt_orders(Design& design) {
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    design.set_dealt_order(operator_id(i), nullptr);
  }
}

}  // namespace imbrex
