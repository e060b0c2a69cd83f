// A library that is right but for the rule that a BROKEN_ macro breaks.
#include <imbrex/plugin.hpp>

#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#ifndef BROKEN_VERSION
#define BROKEN_VERSION "1.0.0"
#endif
#ifndef BROKEN_LICENCE
#define BROKEN_LICENCE "MIT"
#endif
#ifndef BROKEN_SUMMARY
#define BROKEN_SUMMARY "Breaks one rule"
#endif

namespace {

#ifdef BROKEN_AT_LOAD
// Runs when the library is opened.
[[maybe_unused]] const bool at_load = [] {
  BROKEN_AT_LOAD;
  return true;
}();
#endif

class Shows final : public imbrex::Reporter {
 public:
  Shows(const imbrex::NoConfig&, const imbrex::Context&) {}
  void report(const imbrex::Result& result, imbrex::OutputFolder& folder) override {
    folder.show(result.name);
  }
};

constexpr imbrex::Component kComponents[] = {
    imbrex::component<Shows, imbrex::NoConfig>("broken.report.shows", "Shows the name", {})};

}  // namespace

#ifndef BROKEN_DESCRIPTOR
IMBREX_PLUGIN("broken.library", BROKEN_VERSION, BROKEN_SUMMARY, BROKEN_LICENCE, kComponents)
#else
extern "C" IMBREX_API const imbrex::PluginDescriptor* imbrex_plugin_descriptor() noexcept;
// Another one whenever it is asked.
const imbrex::PluginDescriptor* imbrex_plugin_descriptor() noexcept {
  static constinit const auto words = imbrex::detail::type_table_words();
  static int asked = 0;
  static imbrex::PluginDescriptor descriptors[2];
  imbrex::PluginDescriptor& descriptor = descriptors[++asked % 2];
  descriptor.size = sizeof(descriptor);
  descriptor.epoch = IMBREX_ABI_EPOCH;
  descriptor.abi_tag = IMBREX_ABI_TAG;
  descriptor.layout = imbrex::layout_fingerprint();
  descriptor.runtime = &typeid(std::runtime_error);
  descriptor.types = {IMBREX_TYPE_NAMES, &words, sizeof(words) / 8};
  descriptor.headers = imbrex_header_digests;
  descriptor.id = "broken.library";
  descriptor.version = BROKEN_VERSION;
  descriptor.summary = BROKEN_SUMMARY;
  descriptor.license = BROKEN_LICENCE;
  descriptor.compiler = __VERSION__;
  descriptor.components = kComponents;
  return &descriptor;
}
#endif
