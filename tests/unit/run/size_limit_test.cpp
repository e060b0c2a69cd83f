// What would take more memory than may be used is refused before it starts, with the numbers.
#include "run/size_limit.hpp"

#include "run/machine_memory.hpp"
#include "run_fixture.hpp"
#include "temporary_folder.hpp"

#include <imbrex/values/work_order.hpp>

#include <random>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

namespace fs = std::filesystem;

class RandomLayer {
 public:
  explicit RandomLayer(std::uint32_t seed) : random_(seed) {}

  std::int64_t number(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(random_);
  }
  Operator layer() {
    Operator op;
    op.name = "layer";
    for (const Dim dim : {Dim::N, Dim::G, Dim::K, Dim::C, Dim::P, Dim::Q}) {
      op.bounds[dim] = number(1, dim == Dim::P || dim == Dim::Q ? 17 : 3);
    }
    return op;
  }
  // Loops of random dimensions, spatial and temporal, that cover the layer with the jobs' extents.
  Mapping nest(const Operator& op) {
    Mapping mapping;
    mapping.job_extent = op.bounds.bound;
    for (const Dim dim : {Dim::K, Dim::Q, Dim::N, Dim::P, Dim::C}) {
      const std::int64_t extent = number(1, op.bounds[dim]);
      const std::int64_t spare = number(0, 3) == 0 ? 1 : 0;  // steps without work
      mapping.job_extent[index(dim)] = extent;
      add(mapping, dim, number(0, 2) == 0 ? LoopKind::spatial : LoopKind::temporal,
          ceil_div(op.bounds[dim], extent) + spare);
    }
    return mapping;
  }
  Mapping grid(const Operator& op) {
    Mapping mapping;
    mapping.job_extent = op.bounds.bound;
    for (const Dim dim : {Dim::N, Dim::P, Dim::Q}) {
      const std::int64_t extent = number(1, op.bounds[dim]);
      mapping.job_extent[index(dim)] = extent;
      add(mapping, dim, LoopKind::temporal, ceil_div(op.bounds[dim], extent));
    }
    return mapping;
  }

 private:
  static void add(Mapping& mapping, Dim dim, LoopKind kind, std::int64_t bound) {
    mapping.loops[mapping.count++] = {dim, kind, 0, bound};
    mapping.outer = mapping.count;
  }

  std::mt19937 random_;
};

std::int64_t jobs_of_order(const Operator& op, const Mapping& mapping, const Placement& placement) {
  return make_work_order(op, mapping, placement.copies, placement.dealing, {1, 1, 0, 0}, false)
      ->job_count();
}

TEST(SizeLimit, CountsTheJobsOfTheOrderWithoutMakingIt) {
  for (std::uint32_t seed = 0; seed < 2000; ++seed) {
    RandomLayer random(seed);
    const Operator op = random.layer();
    const Mapping nest = random.nest(op);
    EXPECT_EQ(run::job_count(op, nest, {}), jobs_of_order(op, nest, {})) << seed;
    const Mapping grid = random.grid(op);
    Placement placement;
    placement.copies = random.number(1, 20);
    EXPECT_EQ(run::job_count(op, grid, placement), jobs_of_order(op, grid, placement)) << seed;
    for (const Dealing dealing : {Dealing::strip_w, Dealing::strip_h}) {
      placement.dealing = dealing;
      const std::int64_t jobs = jobs_of_order(op, grid, placement);
      const std::int64_t across = op.bounds[dealing == Dealing::strip_w ? Dim::P : Dim::Q];
      EXPECT_GE(run::job_count(op, grid, placement), jobs) << seed;
      EXPECT_LE(run::job_count(op, grid, placement),
                jobs + op.bounds[Dim::N] * across * (placement.copies - 1))
          << seed;
    }
  }
}

TEST(SizeLimit, DoesNotOverflow) {
  Operator op;
  Mapping mapping;
  for (int i = 0; i < 8; ++i) {
    mapping.loops[mapping.count++] = {Dim::K, LoopKind::temporal, 0, std::int64_t{1} << 40};
    mapping.outer = mapping.count;
  }
  EXPECT_EQ(run::job_count(op, mapping, {}), std::int64_t{1} << 62);
}

class SizeLimitRun : public test::RunFixture {
 protected:
  // What a run with this limit says.
  std::string error(std::int64_t max_memory_bytes) {
    run::Checks checks;
    checks.max_memory_bytes = max_memory_bytes;
    try {
      run::run_plan(plan(), registry(), services(), checks);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  }
};

TEST_F(SizeLimitRun, RefusesAnAnalysisAndNamesTheLargestOperator) {
  const run::RunOutcome outcome =
      run(chain_recipe(0, stage("imbrex.overlap.clsa-cim", "granularity = \"pixel\"\n")));
  const auto jobs = static_cast<std::int64_t>(number(outcome.result.metrics, "jobs"));
  EXPECT_EQ(error(0), "no error");
  EXPECT_EQ(error(jobs * run::kBytesPerJob), "no error");
  const std::string text = error(jobs * run::kBytesPerJob - 1);
  EXPECT_NE(text.find("stage 1 (imbrex.overlap.clsa-cim): this design has " + std::to_string(jobs) +
                      " jobs, "),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("of operator 'A'"), std::string::npos) << text;
  EXPECT_NE(text.find("raise --max-memory"), std::string::npos) << text;
}

TEST_F(SizeLimitRun, RefusesWhatASearchScores) {
  run(chain_recipe(12, stage("test.search.scorer") + stage("imbrex.overlap.clsa-cim")));
  const std::string text = error(32);
  EXPECT_NE(text.find("stage 1 (test.search.scorer): this design has "), std::string::npos) << text;
}

// Nothing has been scored that would be lost with it.
TEST_F(SizeLimitRun, GivesAnAnalysisUpWhenAskedToStop) {
  run(chain_recipe(0, stage("imbrex.overlap.clsa-cim")));
  plugin::HostServices::request_cancel();
  EXPECT_THROW(run::run_plan(plan(), registry(), services()), CancelledError);
}

class MachineMemory : public testing::Test {
 protected:
  MachineMemory() { write("proc/meminfo", "MemTotal:       16384 kB\nMemFree: 1 kB\n"); }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_.path() / name).parent_path());
    std::ofstream(folder_.path() / name) << text;
  }
  std::int64_t bytes() const { return run::machine_memory(folder_.path()); }

 private:
  test::TemporaryFolder folder_;
};

constexpr std::int64_t kMegabyte = 1 << 20;

TEST_F(MachineMemory, IsThatOfTheMachine) {
  EXPECT_EQ(bytes(), 16 * kMegabyte);
}

TEST_F(MachineMemory, IsLessInAControlGroup) {
  write("proc/self/cgroup", "0::/user/job\n");
  write("sys/fs/cgroup/user/job/memory.max", "max\n");
  EXPECT_EQ(bytes(), 16 * kMegabyte);
  write("sys/fs/cgroup/user/memory.max", std::to_string(5 * kMegabyte) + "\n");
  EXPECT_EQ(bytes(), 5 * kMegabyte);
  write("sys/fs/cgroup/user/job/memory.max", std::to_string(3 * kMegabyte) + "\n");
  EXPECT_EQ(bytes(), 3 * kMegabyte);
}

TEST_F(MachineMemory, IsLessInAControlGroupOfTheFirstVersion) {
  write("proc/self/cgroup", "9:name=systemd:/\n4:cpu,memory:/docker/12:34\n0::/\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(bytes(), 16 * kMegabyte);
  write("sys/fs/cgroup/memory/docker/12:34/memory.limit_in_bytes",
        std::to_string(2 * kMegabyte) + "\n");
  EXPECT_EQ(bytes(), 2 * kMegabyte);
}

// The group is named as the host sees it; what is mounted begins there.
TEST_F(MachineMemory, IsThatOfTheContainer) {
  write("proc/self/cgroup", "4:memory:/docker/1234\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", std::to_string(7 * kMegabyte) + "\n");
  EXPECT_EQ(bytes(), 7 * kMegabyte);
}

}  // namespace
}  // namespace imbrex
