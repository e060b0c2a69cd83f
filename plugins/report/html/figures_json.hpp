// What each figure of the page draws.
#pragma once

#include "packed_json.hpp"
#include "page.hpp"

namespace imbrex::html {

// Rectangles of all operators, and how far jobs were put together.
Json gantt_json(const PageSubject& subject);

// All operators of the workload and which results they read.
Json network_json(const PageSubject& subject);

// Segments with their phases and floor plans; an empty list where everything is resident and free.
Json segments_json(const PageSubject& subject);

}  // namespace imbrex::html
