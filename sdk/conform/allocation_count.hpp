// How often memory is asked for by `new`, in this program and in every plugin that it opens.
#pragma once

#include <cstdint>
#include <optional>

namespace imbrex::conform {

// Since the program started, on all threads; none where something else counts (a sanitizer).
std::optional<std::int64_t> allocations() noexcept;

}  // namespace imbrex::conform
