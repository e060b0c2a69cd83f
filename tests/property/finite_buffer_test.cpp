// The simulator with finite output buffers: against a fixed-point twin, and properties that must
// hold for any network.
#include "scenario.hpp"
#include "token_flood.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

std::int64_t output_bytes(const Scenario& scenario, OperatorId op, const DimBox& box) {
  return box.empty() ? 0 : scenario.workload->output_region(op, box).elements();  // 8 bits each
}

std::int64_t all_bytes(const Scenario& scenario) {
  std::int64_t bytes = 0;
  for (const Tensor& tensor : scenario.workload->tensors()) {
    bytes += tensor.shape.elements();
  }
  return bytes;
}

// The least solution of the equations of the buffered system, by iteration from below: slow, no
// events.
class BufferTwin {
 public:
  BufferTwin(const Scenario& scenario, const FloodResult& flooded, std::int64_t buffer_bytes)
      : jobs_(flooded.jobs), buffer_bytes_(buffer_bytes) {
    start_.assign(jobs_.size(), 0);
    readers_.resize(jobs_.size());
    for (std::size_t job = 0; job < jobs_.size(); ++job) {
      bytes_.push_back(output_bytes(scenario, jobs_[job].op, jobs_[job].box));
      order_[jobs_[job].op].push_back(job);
      latest_ += jobs_[job].duration_ps;
      for (const auto& [writer, delay_ps] : jobs_[job].needs) {
        readers_[writer].push_back(job);
        latest_ += delay_ps;
      }
    }
    for (auto& [op, order] : order_) {
      std::sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
        return std::tuple(jobs_[a].step, jobs_[a].server) <
               std::tuple(jobs_[b].step, jobs_[b].server);
      });
    }
  }

  // Start of every job; nothing when the system locks up.
  std::optional<std::vector<std::int64_t>> solve() {
    while (true) {
      const std::vector<std::int64_t> before = start_;
      for (const auto& [op, order] : order_) {
        if (!improve(order)) {
          return std::nullopt;
        }
      }
      if (start_ == before) {
        return start_;
      }
      if (*std::max_element(start_.begin(), start_.end()) > latest_) {
        return std::nullopt;  // later than doing everything one by one: it never comes
      }
    }
  }

 private:
  std::int64_t end(std::size_t job) const { return start_[job] + jobs_[job].duration_ps; }
  std::int64_t freed(std::size_t job) const {
    std::int64_t time_ps = end(job);
    for (const std::size_t reader : readers_[job]) {
      time_ps = std::max(time_ps, end(reader));
    }
    return time_ps;
  }

  bool improve(const std::vector<std::size_t>& order) {
    std::int64_t reserved_ps = 0;
    std::map<std::int64_t, std::int64_t> server_free_ps;
    for (std::size_t k = 0; k < order.size(); ++k) {
      const std::size_t job = order[k];
      if (bytes_[job] > buffer_bytes_) {
        return false;
      }
      while (true) {  // to the next moment at which something leaves, until there is space
        std::int64_t held = bytes_[job];
        std::int64_t next_ps = -1;
        for (std::size_t i = 0; i < k; ++i) {
          const std::int64_t gone_ps = freed(order[i]);
          if (gone_ps > reserved_ps) {
            held += bytes_[order[i]];
            next_ps = next_ps < 0 ? gone_ps : std::min(next_ps, gone_ps);
          }
        }
        if (held <= buffer_bytes_) {
          break;
        }
        reserved_ps = next_ps;
      }
      std::int64_t start_ps = std::max(reserved_ps, server_free_ps[jobs_[job].server]);
      for (const auto& [writer, delay_ps] : jobs_[job].needs) {
        start_ps = std::max(start_ps, end(writer) + delay_ps);
      }
      start_[job] = std::max(start_[job], start_ps);
      server_free_ps[jobs_[job].server] = end(job);
    }
    return true;
  }

  const std::vector<FloodJob>& jobs_;
  std::int64_t buffer_bytes_;
  std::int64_t latest_ = 0;
  std::vector<std::int64_t> bytes_;
  std::vector<std::int64_t> start_;
  std::vector<std::vector<std::size_t>> readers_;
  std::map<OperatorId, std::vector<std::size_t>> order_;
};

TEST(FiniteBuffer, StartTimesAreTheLeastSolutionOfTheEquations) {
  std::size_t deadlocks = 0;
  std::size_t schedules = 0;
  for (std::uint64_t number = 50000; number < 50800; ++number) {
    ScenarioOptions options;
    options.delays = number % 2 == 0;
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const WorkGraph graph = scenario.work_graph();
    const FloodResult flooded = flood(scenario.graph, graph, *scenario.cost);
    if (!scenario.graph.strides_within_kernels() || flooded.jobs.size() > 150) {
      continue;
    }
    Random random(kSeed, number + 1000000);
    const std::int64_t buffer_bytes = random.between(1, 120);
    const Analysis simulated = scenario.simulate(buffer_bytes);
    const auto starts = BufferTwin(scenario, flooded, buffer_bytes).solve();
    ASSERT_EQ(simulated.result.verdict == Verdict::feasible, starts.has_value())
        << "buffer " << buffer_bytes;
    ++(starts ? schedules : deadlocks);
    ASSERT_EQ(simulated.jobs.size(), starts ? flooded.jobs.size() : 0u);
    for (std::size_t job = 0; job < simulated.jobs.size(); ++job) {
      ASSERT_EQ(simulated.jobs[job].start_ps, (*starts)[job])
          << "job " << job << ", buffer " << buffer_bytes;
    }
  }
  EXPECT_GT(deadlocks, 50u);
  EXPECT_GT(schedules, 50u);
}

TEST(FiniteBuffer, VeryLargeBufferChangesNothing) {
  for (std::uint64_t number = 51000; number < 51400; ++number) {
    ScenarioOptions options;
    options.random_mappings = number % 2 == 0;
    options.delays = true;
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const Analysis unbounded = scenario.simulate(0);
    const Analysis large = scenario.simulate(std::int64_t{1} << 50);
    ASSERT_EQ(large.result.makespan_ps, unbounded.result.makespan_ps);
    ASSERT_EQ(large.jobs.size(), unbounded.jobs.size());
    for (std::size_t i = 0; i < large.jobs.size(); ++i) {
      ASSERT_EQ(large.jobs[i].start_ps, unbounded.jobs[i].start_ps);
    }
  }
}

TEST(FiniteBuffer, LargerBufferNeverStartsAnythingLater) {
  for (std::uint64_t number = 52000; number < 52300; ++number) {
    ScenarioOptions options;
    options.random_mappings = number % 3 == 0;
    options.delays = number % 2 == 0;
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const std::int64_t enough = all_bytes(scenario) * 64;  // partial sums are held several times
    Analysis smaller;
    smaller.result.verdict = Verdict::infeasible;
    for (std::int64_t buffer_bytes = 1; buffer_bytes < enough;
         buffer_bytes += (buffer_bytes + 5) / 6) {
      const Analysis larger = scenario.simulate(buffer_bytes);
      if (smaller.result.verdict == Verdict::feasible) {
        ASSERT_EQ(larger.result.verdict, Verdict::feasible) << buffer_bytes;
        ASSERT_LE(larger.result.makespan_ps, smaller.result.makespan_ps) << buffer_bytes;
        for (std::size_t i = 0; i < larger.jobs.size(); ++i) {
          ASSERT_LE(larger.jobs[i].start_ps, smaller.jobs[i].start_ps) << buffer_bytes;
        }
      }
      smaller = larger;
    }
    ASSERT_EQ(smaller.result.verdict, Verdict::feasible);
  }
}

TEST(FiniteBuffer, DeadlockNamesTheSmallestBufferThatWorks) {
  std::size_t deadlocks = 0;
  for (std::uint64_t number = 53000; number < 53300; ++number) {
    const Scenario scenario = make_scenario(number, {});
    SCOPED_TRACE(scenario.description());
    const Analysis locked = scenario.simulate(2);
    if (locked.result.verdict == Verdict::feasible) {
      continue;
    }
    ++deadlocks;
    ASSERT_TRUE(locked.jobs.empty());
    const std::string& note = locked.notes.at("deadlock");
    const std::int64_t smallest = std::stoll(note.substr(note.rfind(' ') + 1));
    ASSERT_EQ(scenario.simulate(smallest).result.verdict, Verdict::feasible) << note;
    ASSERT_EQ(scenario.simulate(smallest - 1).result.verdict, Verdict::infeasible) << note;
  }
  EXPECT_GT(deadlocks, 200u);
}

}  // namespace
}  // namespace imbrex::property
