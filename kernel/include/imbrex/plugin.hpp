// The only include a plugin needs. A plugin is one shared library `NAME.imbrex.so` that exports one
// C symbol returning constant data; it may hold many components.
//
//   struct Config {
//     double peak = 256;
//   };
//   constexpr imbrex::ParamSpec kParams[] = {
//       imbrex::param<&Config::peak>("peak", "Multiply-accumulates per cycle")};
//
//   class Roofline final : public imbrex::CostModel {
//    public:
//     Roofline(const Config& config, const imbrex::Context& context);
//     ...
//   };
//
//   constexpr imbrex::Component kComponents[] = {
//       imbrex::component<Roofline, Config>("acme.cost.roofline", "Compute or memory", kParams)};
//   IMBREX_PLUGIN("acme.roofline", "1.2.0", "Roofline cost models", "MIT", kComponents)
//
// Algorithms that several plugins share are in the toolkit: <imbrex/toolkit/PART/x.hpp>.
#pragma once

#include <imbrex/plugin/descriptor.hpp>
#include <imbrex/plugin/type_table.hpp>

// Defined by a source that imbrex_add_plugin() generates: the digests of the public headers as that
// plugin's compiler finds them. Null in a plugin that was built without it.
extern "C" __attribute__((weak, visibility("hidden"))) const char imbrex_header_digests[];

#define IMBREX_PLUGIN(ID, VERSION, SUMMARY, LICENSE, COMPONENTS)                      \
  extern "C" __attribute__((visibility("default"))) const ::imbrex::PluginDescriptor* \
  imbrex_plugin_descriptor() noexcept;                                                \
  const ::imbrex::PluginDescriptor* imbrex_plugin_descriptor() noexcept {             \
    static constinit const auto words = ::imbrex::detail::type_table_words();         \
    static constinit const ::imbrex::PluginDescriptor descriptor = {                  \
        sizeof(::imbrex::PluginDescriptor),                                           \
        IMBREX_ABI_EPOCH,                                                             \
        IMBREX_ABI_TAG,                                                               \
        ::imbrex::layout_fingerprint(),                                               \
        &typeid(std::runtime_error),                                                  \
        {IMBREX_TYPE_NAMES, &words, sizeof(words) / 8},                               \
        imbrex_header_digests,                                                        \
        ID,                                                                           \
        VERSION,                                                                      \
        SUMMARY,                                                                      \
        LICENSE,                                                                      \
        __VERSION__,                                                                  \
        COMPONENTS};                                                                  \
    return &descriptor;                                                               \
  }
