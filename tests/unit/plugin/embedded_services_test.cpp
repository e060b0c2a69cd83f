// What programs need that embed runs: several at once, each stopped by itself, and none that writes
// to their terminal.
#include "plugin/host_services.hpp"

#include <imbrex/plugin/error.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

std::unique_ptr<plugin::HostServices> services_of(int threads) {
  plugin::HostOptions options;
  options.threads = threads;
  return std::make_unique<plugin::HostServices>(options);
}

Host& component_of(plugin::HostServices& services) {
  return services.host_for("test.search.component", 1, 0);
}

// Two runs of one process: whoever stops one does not stop the other, in none of its threads.
TEST(EmbeddedServices, StopOneRunAlone) {
  const auto stopped = services_of(4);
  const auto other = services_of(4);
  Host& host_of_stopped = component_of(*stopped);
  Host& host_of_other = component_of(*other);
  stopped->cancel();
  EXPECT_TRUE(stopped->cancelled());
  EXPECT_TRUE(host_of_stopped.cancelled());
  EXPECT_FALSE(other->cancelled());
  EXPECT_FALSE(host_of_other.cancelled());

  const auto stops_in_a_loop = [](plugin::HostServices& services, Host& host) {
    const plugin::HostServices::Running running(services, host);
    std::atomic<int> stops{0};
    host.parallel_for(64, 1, [&](std::size_t, std::size_t) {
      try {
        plugin::HostServices::stop_if_asked();
      } catch (const CancelledError&) {
        ++stops;
      }
    });
    return stops.load();
  };
  EXPECT_EQ(stops_in_a_loop(*stopped, host_of_stopped), 64);
  EXPECT_EQ(stops_in_a_loop(*other, host_of_other), 0);
  {
    const plugin::HostServices::CancelAside aside(*stopped);
    EXPECT_EQ(stops_in_a_loop(*stopped, host_of_stopped), 0);
  }
  EXPECT_NO_THROW(plugin::HostServices::stop_if_asked()) << "no component runs on this thread";
}

TEST(EmbeddedServices, GiveAnEmbeddingProgramWhatTheTerminalWouldGet) {
  std::vector<std::string> told;
  plugin::HostOptions options;
  options.threads = 1;
  options.on_progress = [&](const plugin::Progress& progress) {
    told.push_back(progress.stage.component + " " + progress.what);
  };
  options.on_log = [&](LogLevel level, std::string_view id, std::string_view text) {
    EXPECT_EQ(level, LogLevel::warning);
    told.push_back(std::string(id) + ": " + std::string(text));
  };
  ::testing::internal::CaptureStderr();
  {
    plugin::HostServices services(options);
    services.stage_begins({1, 1, false, 7, "latency", "acme.search.x"});
    Host& host = services.host_for("acme.search.x", 7, 0);
    host.log(LogLevel::info, "below what is wanted");
    host.log(LogLevel::warning, "two\nlines");
    host.progress(1.0, "5 of 5");
    services.stages_end();
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(told, (std::vector<std::string>{"acme.search.x ", "acme.search.x: two lines",
                                            "acme.search.x 5 of 5"}));
}

}  // namespace
}  // namespace imbrex
