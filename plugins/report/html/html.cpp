// imbrex.report.html: a result as one page with figures, for a browser. The page needs no network.
#include "page.hpp"

#include <imbrex/plugin.hpp>

#include <string>

namespace imbrex::html {
namespace {

struct Config {
  std::string file = "report.html";
  std::int64_t rectangles = 100'000;
};

constexpr ParamSpec kParams[] = {
    param<&Config::file>("file", "Name of the file in the result folder"),
    param<&Config::rectangles>(
        "rectangles",
        "Most rectangles of the Gantt chart, equal ones at equal distances counted once; "
        "beyond, jobs are drawn together")
        .unit("rectangle")
        .range(1'000, 1'000'000),
};

class Html final : public Reporter {
 public:
  Html(const Config& config, const Context& context)
      : config_(config), workload_(*context.workload), architecture_(context.architecture) {}

  void report(const Result& result, OutputFolder& folder) override {
    folder.write(config_.file, page_text({result, workload_, architecture_, config_.rectangles}));
  }

 private:
  Config config_;
  const Workload& workload_;
  const Architecture* architecture_;
};

constexpr Component kComponents[] = {component<Html, Config>(
    "imbrex.report.html", "The result as one page with figures, for a browser", kParams)};

}  // namespace

IMBREX_PLUGIN("imbrex.report.html", "0.1.0", "HTML report", "Apache-2.0", kComponents)

}  // namespace imbrex::html
