// Counts every allocation of the test program and the plugins it loads.
#pragma once

#include <cstdint>

namespace imbrex::test {
std::int64_t allocations() noexcept;
}
