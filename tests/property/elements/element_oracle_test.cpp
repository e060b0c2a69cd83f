// Random ONNX networks through the whole reader against the elements that the ONNX manual says they
// depend on: never early, and superfluous waits only where the result says so (`reading_holes`).
#include "element_case.hpp"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace imbrex::elements {
namespace {

// Everything that a job waits for, directly or through others; jobs wait for earlier ones only.
std::vector<JobSet> closure(const std::vector<PlacedJob>& jobs, JobSet PlacedJob::*direct) {
  std::vector<JobSet> all(jobs.size());
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    all[j] = jobs[j].*direct;
    for (std::size_t i = 0; i < j; ++i) {
      if ((jobs[j].*direct).test(i)) {
        all[j] |= all[i];
      }
    }
  }
  return all;
}

std::string first_of(const Case& c, const JobSet& set) {
  for (std::size_t j = 0; j < c.jobs.size(); ++j) {
    if (set.test(j)) {
      return c.text(c.jobs[j]);
    }
  }
  return "none";
}

void expect_jobs_wait_for_their_elements(const Case& c) {
  const std::vector<JobSet> traced = closure(c.jobs, &PlacedJob::traced);
  const std::vector<JobSet> allowed = closure(c.jobs, &PlacedJob::allowed);
  for (std::size_t j = 0; j < c.jobs.size(); ++j) {
    const JobSet early = c.jobs[j].needed & ~traced[j];
    ASSERT_TRUE(early.none()) << c.text(c.jobs[j]) << " is early: needs " << first_of(c, early);
    const JobSet late = c.jobs[j].traced & ~allowed[j];
    ASSERT_TRUE(late.none() || !c.holes.empty())
        << c.text(c.jobs[j]) << " waits in vain for " << first_of(c, late);
  }
}

// The operator whose result is the tensor: behind operands that only delay it there is one more.
const Operator* operator_of(const Workload& workload, const std::string& tensor) {
  const Operator* found = nullptr;
  for (const Operator& op : workload.operators()) {
    if (op.name == tensor || op.name == tensor + "/operands") {
      found = &op;
    }
  }
  return found;
}

// Random boxes of every tensor that has an operator of the name of its node.
void expect_regions_hold_their_elements(const Case& c, Random& random) {
  const std::vector<JobSet> before = closure(c.jobs, &PlacedJob::traced);
  for (const Field& field : c.network().fields()) {
    const Operator* op = operator_of(c.workload(), field.name);
    if (op == nullptr || op->has_macs() ||
        onnx_reader::dims_of(c.workload().at(op->output).shape) != field.dims) {
      continue;
    }
    const Shape& shape = c.workload().at(op->output).shape;
    Region box = Region::whole(shape);
    for (std::size_t i = 0; i < shape.rank; ++i) {
      box.axis[i].begin = random.between(0, shape[i] - 1);
      box.axis[i].end = random.between(box.axis[i].begin + 1, shape[i]);
    }
    Tokens tokens;
    for_each_position(shape, box, [&](std::size_t at) { tokens |= field.tokens[at]; });
    JobSet traced = c.traced(op->output, box);
    for (std::size_t j = 0; j < c.jobs.size(); ++j) {
      if (traced.test(j)) {
        traced |= before[j];
      }
    }
    const JobSet early = c.jobs_of(tokens) & ~traced;
    ASSERT_TRUE(early.none()) << field.name << " is early: needs " << first_of(c, early);
  }
}

TEST(Elements, OfRandomNetworksAreNeverEarlyAndLateOnlyWhereTheResultSaysSo) {
  constexpr std::uint64_t kNetworks = 1000;
  std::map<std::string, int> types;
  std::size_t exact = 0;
  std::size_t waiting = 0;
  for (std::uint64_t number = 0; number < kNetworks; ++number) {
    SCOPED_TRACE("network " + std::to_string(number));
    const Case c(number);
    SCOPED_TRACE(c.text());
    for (const std::string& type : c.types) {
      ++types[type];
    }
    Random random(kSeed + 1, number);
    ASSERT_NO_FATAL_FAILURE(expect_jobs_wait_for_their_elements(c));
    ASSERT_NO_FATAL_FAILURE(expect_regions_hold_their_elements(c, random));
    exact += c.holes.empty() ? 1 : 0;
    waiting += std::any_of(c.jobs.begin(), c.jobs.end(),
                           [](const PlacedJob& job) { return job.needed.any(); })
                   ? 1
                   : 0;
  }
  // Equality was tested, not only containment; and there was something to wait for.
  EXPECT_GT(exact, kNetworks / 4);
  EXPECT_GT(waiting, kNetworks / 2);
  EXPECT_GE(types.size(), 50u);
  for (const auto& [type, times] : types) {
    EXPECT_GE(times, 3) << type;
  }
}

}  // namespace
}  // namespace imbrex::elements
