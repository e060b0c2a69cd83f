// The page of a result: what reporters are given, as one HTML file that needs no network.
#pragma once

#include <imbrex/values/architecture.hpp>
#include <imbrex/values/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace imbrex::html {

// The template of the page, plugins/report/html/page put together by the build. It has the text
// @DATA@ once, where a program reads JSON.
extern const std::string_view kPageTemplate;

// What a page is about. `architecture` may be null: then nothing is said of its levels.
struct PageSubject {
  const Result& result;
  const Workload& workload;
  const Architecture* architecture = nullptr;
  std::int64_t most_rectangles = 100'000;
};

// The whole page. Names may hold any bytes; what is not UTF-8 is replaced. Long lists of integers
// are `packed`. Equal subjects give equal bytes. Complexity: of the result, plus that of
// `merging_for` where its jobs are too many.
std::string page_text(const PageSubject& subject);

}  // namespace imbrex::html
