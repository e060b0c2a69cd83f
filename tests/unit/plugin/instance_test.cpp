// Making configurations and components, and what becomes of their exceptions.
#include "fakes/output_folder.hpp"
#include "plugin/registry.hpp"
#include "scratch_folder.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

const plugin::Registry& registry_of_fixtures() {
  static const plugin::Registry registry([] {
    plugin::PluginSearchPath path;
    path.recipe_paths = {fixture("good"), fixture("throwing")};
    return path;
  }());
  return registry;
}

plugin::ConfigHandle config_of(std::string_view id) {
  const Component* const component = registry_of_fixtures().find(id);
  EXPECT_NE(component, nullptr) << id;
  return plugin::ConfigHandle(*component);
}

std::string report_of(const plugin::ConfigHandle& config) {
  const plugin::Instance<Reporter> reporter = plugin::make_instance<Reporter>(config, Context{});
  test::ShownText folder;
  reporter->report(Result{}, folder);
  return folder.shown;
}

// Message and code of what making the component throws.
std::pair<std::string, ErrorCode> failure_of(std::string_view id) {
  try {
    plugin::make_instance<Reporter>(config_of(id), Context{});
  } catch (const Error& error) {
    return {error.what(), error.code()};
  }
  return {"nothing was thrown", ErrorCode::failed};
}

using Failure = std::pair<std::string, ErrorCode>;

TEST(ConfigHandle, StartsWithTheDefaults) {
  const plugin::ConfigHandle config = config_of("fixture.report.title");
  const auto params = config.component().params;
  EXPECT_EQ(config.value(params[0]).integer, 80);
  EXPECT_EQ(config.value(params[1]).text, "untitled");
}

TEST(ConfigHandle, HandsStoredValuesToTheComponent) {
  const plugin::ConfigHandle config = config_of("fixture.report.title");
  const auto params = config.component().params;
  ParamValue width;
  width.integer = 100;
  params[0].store(config.get(), width);
  ParamValue title;
  title.text = "Results";
  params[1].store(config.get(), title);
  EXPECT_EQ(report_of(config), "Results 100");
}

TEST(ConfigHandle, DoesNotShareValuesWithAnother) {
  const plugin::ConfigHandle one = config_of("fixture.report.title");
  const plugin::ConfigHandle two = config_of("fixture.report.title");
  ParamValue width;
  width.integer = 100;
  one.component().params[0].store(one.get(), width);
  EXPECT_EQ(two.value(two.component().params[0]).integer, 80);
}

TEST(Instance, ConvertsToFalseWhenEmpty) {
  EXPECT_FALSE(plugin::Instance<Reporter>());
  EXPECT_TRUE(plugin::make_instance<Reporter>(config_of("fixture.report.title"), Context{}));
}

TEST(Instance, MovesWithoutBeingDestroyedTwice) {
  plugin::Instance<Reporter> one =
      plugin::make_instance<Reporter>(config_of("fixture.report.title"), Context{});
  plugin::Instance<Reporter> two = std::move(one);
  one = plugin::make_instance<Reporter>(config_of("fixture.report.title"), Context{});
  two = std::move(one);
  test::ShownText folder;
  two->report(Result{}, folder);
  EXPECT_EQ(folder.shown, "untitled 80");
}

TEST(ThrowingConstructor, IsNamedWithTheTypeAndTextOfItsException) {
  EXPECT_EQ(failure_of("fixture.report.throws-standard"),
            Failure("fixture.report.throws-standard: plugin threw std::out_of_range: \"index 7\"",
                    ErrorCode::failed));
}

TEST(ThrowingConstructor, MayThrowATypeOfItsOwn) {
  EXPECT_EQ(failure_of("fixture.report.throws-own"),
            Failure("fixture.report.throws-own: plugin threw (anonymous namespace)::OwnException: "
                    "\"its own words\"",
                    ErrorCode::failed));
}

TEST(ThrowingConstructor, MayThrowWhatIsNoException) {
  EXPECT_EQ(
      failure_of("fixture.report.throws-number"),
      Failure("fixture.report.throws-number: plugin threw int, which is not an exception class",
              ErrorCode::failed));
}

TEST(ThrowingConstructor, KeepsTheCodeOfKernelErrors) {
  EXPECT_EQ(failure_of("fixture.report.throws-input-error"),
            Failure("fixture.report.throws-input-error: no such file 'x'", ErrorCode::bad_input));
  EXPECT_EQ(failure_of("fixture.report.throws-infeasible"),
            Failure("fixture.report.throws-infeasible: needs 3 PEs, has 2", ErrorCode::infeasible));
}

TEST(ThrowingConstructor, OfAConfigurationIsReportedAlike) {
  EXPECT_EQ(failure_of("fixture.report.throws-config"),
            Failure("fixture.report.throws-config: plugin threw std::length_error: \"too long\"",
                    ErrorCode::failed));
}

TEST(Guard, ReturnsWhenTheCallReturns) {
  bool called = false;
  plugin::guard("stage 1", "search", [&] { called = true; });
  EXPECT_TRUE(called);
}

TEST(Guard, KeepsTheTypeOfKernelErrors) {
  EXPECT_THROW(plugin::guard("stage 1", "search", [] { throw InputError("x"); }), InputError);
  EXPECT_THROW(plugin::guard("stage 1", "search", [] { throw InfeasibleError("x"); }),
               InfeasibleError);
  EXPECT_THROW(plugin::guard("stage 1", "search", [] { throw CancelledError(); }), CancelledError);
}

TEST(Guard, PutsThePlaceInFront) {
  try {
    plugin::guard("stage 2 (imbrex.search.anneal)", "search",
                  [] { throw Error(ErrorCode::failed, "no memory"); });
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "stage 2 (imbrex.search.anneal): no memory");
  }
}

TEST(Guard, LeavesAnInterruptionAlone) {
  try {
    plugin::guard("stage 2", "search", [] { throw CancelledError(); });
    FAIL() << "nothing was thrown";
  } catch (const CancelledError& error) {
    EXPECT_STREQ(error.what(), "interrupted");
    EXPECT_EQ(error.code(), ErrorCode::cancelled);
  }
}

TEST(AssertionDeathTest, NamesThePlace) {
  EXPECT_DEATH(IMBREX_ASSERT(1 + 1 == 3),
               "imbrex: bug: .*instance_test.cpp:[0-9]+: assertion '1 \\+ "
               "1 == 3' failed; please report it");
}

}  // namespace
}  // namespace imbrex
