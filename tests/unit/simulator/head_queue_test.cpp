#include "head_queue.hpp"

#include <imbrex/plugin/host.hpp>

#include <set>

#include <gtest/gtest.h>

namespace imbrex::simulator {
namespace {

using Keys = std::vector<std::uint64_t>;

Keys taken(HeadQueue& queue) {
  Keys keys;
  queue.take([&](std::uint64_t key) { keys.push_back(key); });
  return keys;
}

TEST(HeadQueue, IsIdleWhenEmpty) {
  HeadQueue queue;
  EXPECT_EQ(queue.next_ps(), HeadQueue::kIdle);
  queue.push(5, 1);
  EXPECT_EQ(queue.next_ps(), 5);
  EXPECT_EQ(taken(queue), Keys{1});
  EXPECT_EQ(queue.next_ps(), HeadQueue::kIdle);
}

TEST(HeadQueue, SortsTheKeysOfAnInstant) {
  HeadQueue queue;
  queue.push(7, 3);
  queue.push(2, 9);
  queue.push(7, 1);
  queue.push(7, 2);
  EXPECT_EQ(taken(queue), Keys{9});
  EXPECT_EQ(taken(queue), (Keys{1, 2, 3}));
}

TEST(HeadQueue, KeepsWhatIsPushedForTheSameInstantForTheNextCall) {
  HeadQueue queue;
  queue.push(4, 8);
  queue.take([&](std::uint64_t key) { queue.push(4, key - 1); });
  EXPECT_EQ(queue.next_ps(), 4);
  EXPECT_EQ(taken(queue), Keys{7});
}

// Times grow, as in a simulation; an ordered set is the twin.
TEST(HeadQueue, AgreesWithAnOrderedSet) {
  for (std::uint64_t number = 0; number < 100; ++number) {
    SCOPED_TRACE("seed 3, case " + std::to_string(number));
    Random random(3, number);
    HeadQueue queue;
    std::set<std::pair<std::int64_t, std::uint64_t>> twin;
    std::int64_t now = 0;
    const auto push = [&] {
      const std::int64_t time = now + random.between(1, 6);
      const std::uint64_t key = random.next();
      queue.push(time, key);
      twin.emplace(time, key);
    };
    push();
    for (int round = 0; round < 200 && !twin.empty(); ++round) {
      ASSERT_EQ(queue.next_ps(), twin.begin()->first);
      now = queue.next_ps();
      queue.take([&](std::uint64_t key) {
        ASSERT_EQ(twin.count({now, key}), 1U);
        ASSERT_EQ(twin.begin()->second, key);
        twin.erase(twin.begin());
        for (std::uint64_t more = twin.size() < 50 ? random.below(4) : 0; more > 0; --more) {
          push();
        }
      });
      ASSERT_TRUE(twin.empty() || twin.begin()->first > now);
    }
  }
}

}  // namespace
}  // namespace imbrex::simulator
