#include "plugin/host_services.hpp"

#include <imbrex/plugin/error.hpp>

#include <atomic>
#include <csignal>
#include <memory>
#include <mutex>
#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using Range = std::pair<std::size_t, std::size_t>;

std::unique_ptr<plugin::HostServices> services_with(int threads) {
  plugin::HostOptions options;
  options.threads = threads;
  return std::make_unique<plugin::HostServices>(options);
}

Host& host_of(plugin::HostServices& services) {
  return services.host_for("test.search.component", 1, 0);
}

std::multiset<Range> chunks_of(Host& host, std::size_t count, std::size_t grain) {
  std::mutex mutex;
  std::multiset<Range> chunks;
  host.parallel_for(count, grain, [&](std::size_t begin, std::size_t end) {
    const std::lock_guard lock(mutex);
    chunks.insert({begin, end});
  });
  return chunks;
}

// What the contract says, spelled out.
std::multiset<Range> expected_chunks(std::size_t count, std::size_t grain) {
  std::multiset<Range> chunks;
  for (std::size_t begin = 0; begin < count; begin += grain) {
    chunks.insert({begin, begin + grain < count ? begin + grain : count});
  }
  return chunks;
}

TEST(ParallelFor, CutsChunksByCountAndGrainAlone) {
  const std::uint64_t seed = 42;
  Random random(seed, 0);
  for (const int threads : {1, 2, 4}) {
    const auto services = services_with(threads);
    Host& host = host_of(*services);
    for (int i = 0; i < 200; ++i) {
      const std::size_t count = random.below(300);
      const std::size_t grain = 1 + random.below(40);
      ASSERT_EQ(chunks_of(host, count, grain), expected_chunks(count, grain))
          << "seed " << seed << " threads " << threads << " count " << count << " grain " << grain;
    }
  }
}

TEST(ParallelFor, DoesNothingWhenThereIsNothingToDo) {
  const auto services = services_with(2);
  EXPECT_TRUE(chunks_of(host_of(*services), 0, 10).empty());
}

TEST(ParallelFor, TakesAGrainOfZeroAsOne) {
  const auto services = services_with(2);
  EXPECT_EQ(chunks_of(host_of(*services), 3, 0), expected_chunks(3, 1));
}

TEST(ParallelFor, SurvivesAGrainBeyondTheCount) {
  const auto services = services_with(2);
  const auto huge = std::numeric_limits<std::size_t>::max();
  EXPECT_EQ(chunks_of(host_of(*services), 5, huge), (std::multiset<Range>{{0, 5}}));
}

TEST(ParallelFor, UsesSeveralThreadsWhenAskedTo) {
  const auto services = services_with(2);
  // Each of two chunks waits for the other: with one thread this would never end.
  std::atomic<int> arrived{0};
  host_of(*services).parallel_for(2, 1, [&](std::size_t, std::size_t) {
    ++arrived;
    while (arrived < 2) {
      std::this_thread::yield();
    }
  });
  EXPECT_EQ(arrived, 2);
}

TEST(ParallelFor, UsesNoMoreThreadsThanAskedFor) {
  for (const int threads : {1, 2, 3}) {
    const auto services = services_with(threads);
    std::atomic<int> running{0};
    std::atomic<int> most{0};
    host_of(*services).parallel_for(200, 1, [&](std::size_t, std::size_t) {
      const int now = ++running;
      int seen = most;
      while (now > seen && !most.compare_exchange_weak(seen, now)) {
      }
      std::this_thread::sleep_for(std::chrono::microseconds(100));
      --running;
    });
    EXPECT_LE(most, threads);
  }
}

TEST(ParallelFor, GivesTheSameSumAtAnyThreadCount) {
  std::vector<double> sums;
  for (const int threads : {1, 2, 3, 4, 8}) {
    const auto services = services_with(threads);
    Host& host = host_of(*services);
    std::vector<double> partial(50);
    host.parallel_for(1000, 20, [&](std::size_t begin, std::size_t end) {
      Random random = host.random(begin);
      for (std::size_t i = begin; i < end; ++i) {
        partial[begin / 20] += random.unit() / static_cast<double>(i + 1);
      }
    });
    sums.push_back(std::accumulate(partial.begin(), partial.end(), 0.0));
  }
  EXPECT_EQ(std::set<double>(sums.begin(), sums.end()).size(), 1u);
}

TEST(ParallelFor, RethrowsTheExceptionOfTheLowestChunk) {
  for (const int threads : {1, 2, 4}) {
    const auto services = services_with(threads);
    for (int repetition = 0; repetition < 100; ++repetition) {
      try {
        host_of(*services).parallel_for(64, 1, [](std::size_t begin, std::size_t) {
          if (begin % 7 == 3) {
            throw std::runtime_error(std::to_string(begin));
          }
        });
        FAIL() << "nothing was thrown";
      } catch (const std::runtime_error& error) {
        ASSERT_STREQ(error.what(), "3") << threads << " threads";
      }
    }
  }
}

TEST(ParallelFor, RunsEveryChunkBelowAFailedOne) {
  const auto services = services_with(4);
  std::vector<std::atomic<int>> done(64);
  EXPECT_THROW(host_of(*services).parallel_for(64, 1,
                                               [&](std::size_t begin, std::size_t) {
                                                 ++done[begin];
                                                 if (begin == 40) {
                                                   throw 1;
                                                 }
                                               }),
               int);
  for (std::size_t i = 0; i <= 40; ++i) {
    EXPECT_EQ(done[i], 1) << i;
  }
}

TEST(ParallelFor, WorksAgainAfterAnException) {
  const auto services = services_with(2);
  Host& host = host_of(*services);
  EXPECT_THROW(host.parallel_for(4, 1, [](std::size_t, std::size_t) { throw 1; }), int);
  EXPECT_EQ(chunks_of(host, 10, 3), expected_chunks(10, 3));
}

TEST(ParallelFor, RunsNestedCallsOnTheCallingThreadInOrder) {
  for (const int threads : {1, 4}) {
    const auto services = services_with(threads);
    Host& host = host_of(*services);
    std::atomic<int> wrong{0};
    host.parallel_for(16, 1, [&](std::size_t, std::size_t) {
      const auto outer = std::this_thread::get_id();
      std::size_t expected = 0;
      host.parallel_for(50, 3, [&](std::size_t begin, std::size_t) {
        wrong += std::this_thread::get_id() != outer || begin != expected ? 1 : 0;
        expected += 3;
      });
    });
    EXPECT_EQ(wrong, 0);
  }
}

TEST(ParallelFor, IsParallelAgainAfterANestedCall) {
  const auto services = services_with(2);
  Host& host = host_of(*services);
  host.parallel_for(2, 1, [&](std::size_t, std::size_t) { chunks_of(host, 10, 1); });
  std::atomic<int> arrived{0};
  host.parallel_for(2, 1, [&](std::size_t, std::size_t) {
    ++arrived;
    while (arrived < 2) {
      std::this_thread::yield();
    }
  });
  EXPECT_EQ(arrived, 2);
}

TEST(HostServices, GivesEqualStreamsToEqualComponents) {
  const auto services = services_with(1);
  Host& one = services->host_for("a.search.x", 99, 3);
  Host& two = services->host_for("a.search.x", 99, 3);
  EXPECT_EQ(one.random(5).next(), two.random(5).next());
}

TEST(HostServices, GivesDifferentStreamsToDifferentIds) {
  const auto services = services_with(1);
  std::set<std::uint64_t> first;
  for (const char* id : {"a.search.x", "a.search.y", "b.search.x", "x.search.a", "a.search.xa"}) {
    first.insert(services->host_for(id, 99, 0).random(0).next());
  }
  EXPECT_EQ(first.size(), 5u);
}

TEST(HostServices, GivesDifferentStreamsToSeedsComponentsAndStreams) {
  const auto services = services_with(1);
  std::set<std::uint64_t> first;
  for (const std::uint64_t seed : {0u, 1u, 2u}) {
    for (const std::uint32_t component : {0u, 1u, 2u}) {
      Host& host = services->host_for("a.search.x", seed, component);
      for (const std::uint64_t stream : {0u, 1u, 2u}) {
        first.insert(host.random(stream).next());
      }
    }
  }
  EXPECT_EQ(first.size(), 27u);
}

TEST(HostServices, TellsEveryComponentToStop) {
  const auto services = services_with(1);
  Host& host = host_of(*services);
  plugin::HostServices::clear_cancel();
  EXPECT_FALSE(host.cancelled());
  plugin::HostServices::request_cancel();
  EXPECT_TRUE(host.cancelled());
  plugin::HostServices::clear_cancel();
  EXPECT_FALSE(host.cancelled());
}

TEST(HostServices, CanBeStoppedFromASignalHandler) {
  const auto services = services_with(1);
  Host& host = host_of(*services);
  plugin::HostServices::clear_cancel();
  const auto before = std::signal(SIGUSR1, [](int) { plugin::HostServices::request_cancel(); });
  std::raise(SIGUSR1);
  EXPECT_TRUE(host.cancelled());
  std::signal(SIGUSR1, before);
  plugin::HostServices::clear_cancel();
}

}  // namespace
}  // namespace imbrex
