// Random ONNX networks through the whole reader against the elements that the ONNX manual says they
// depend on: never early, and superfluous waits only where the result says so (`reading_holes`).
#include "element_network.hpp"

#include "run/reading_holes.hpp"
#include "test_cost_model.hpp"

#include <imbrex/work_graph.hpp>

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace imbrex::elements {
namespace {

constexpr std::uint64_t kSeed = 20261129;
constexpr std::size_t kMostJobs = 4096;
using JobSet = std::bitset<kMostJobs>;

struct PlacedJob {
  OperatorId op = OperatorId::none;
  DimBox box;
  Region output;
  JobSet needed;   // by elements
  JobSet allowed;  // the same, and the step before on the server of a chain, whatever it computes
  JobSet traced;   // by regions
};

// Row-major positions of a region.
template <class Visit>
void for_each_position(const Shape& shape, const Region& region, Visit visit) {
  Dims dims;
  Dims extents;
  for (std::size_t i = 0; i < shape.rank; ++i) {
    dims.push_back(shape[i]);
    extents.push_back(region.axis[i].extent());
  }
  for_each(extents, [&](const Dims& at) {
    Dims there = at;
    for (std::size_t i = 0; i < at.size(); ++i) {
      there[i] += region.axis[i].begin;
    }
    visit(flat(dims, there));
  });
}

JobShape random_shape(Random& random) {
  JobShape shape;
  shape.kind = static_cast<JobShape::Kind>(random.below(5));
  shape.height = random.between(1, 3);
  shape.width = random.between(1, 3);
  shape.samples = random.between(0, 2);
  return shape;
}

// One network, cut into jobs, with both answers.
class Case {
 public:
  explicit Case(std::uint64_t number) : random_(kSeed, number), network_(random_) {
    fill_at_random(network_, types);
    onnx_reader::Config config;
    workload_ = std::make_shared<const Workload>(network_.model().read(config));
    cost_ = std::make_unique<property::TestCostModel>(*workload_);
    design_ = std::make_unique<Design>(workload_);
    for (std::size_t i = 0; i < workload_->operators().size(); ++i) {
      if (workload_->operators()[i].has_macs() && !workload_->operators()[i].chain) {
        design_->placement(operator_id(i)).copies = random_.between(1, 2);
        design_->placement(operator_id(i)).dealing = static_cast<Dealing>(random_.below(3));
      }
    }
    request_.shape = random_shape(random_);
    graph_ = std::make_unique<WorkGraph>(
        *design_, Machine{*workload_, architecture_, *cost_}, request_);
    holes = reading_holes(*graph_);
    add_jobs();
    name_products();
    for (std::size_t j = 0; j < jobs.size(); ++j) {
      PlacedJob& job = jobs[j];
      job.needed = jobs_of(needed_by(job));
      job.traced = traced_by(job);
      job.allowed = job.needed;
      if (workload_->at(job.op).chain && j > 0 && jobs[j - 1].op == job.op) {
        job.allowed.set(j - 1);
      }
    }
  }

  // Jobs in an order in which each comes after those it waits for.
  std::vector<PlacedJob> jobs;
  std::vector<std::string> types;
  std::vector<std::string> holes;

  const ElementNetwork& network() const { return network_; }
  const Workload& workload() const { return *workload_; }
  std::string text() const {
    std::string all = "granularity " + std::to_string(static_cast<int>(request_.shape.kind)) +
                      ", samples " + std::to_string(request_.shape.samples) + "\n" +
                      network_.text();
    for (const auto& node : network_.model().proto().graph().node()) {
      all += node.ShortDebugString() + "\n";
    }
    for (const std::string& hole : holes) {
      all += "hole: " + hole + "\n";
    }
    return all;
  }
  std::string text(const PlacedJob& job) const {
    std::string all = workload_->at(job.op).name;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      all += " [" + std::to_string(job.box.dim[d].begin) + "," +
             std::to_string(job.box.dim[d].end) + ")";
    }
    return all;
  }

  // What the elements of a region of any tensor wait for, by regions.
  JobSet traced(TensorId tensor, const Region& region) const {
    std::vector<Source> sources;
    WorkGraph::Scratch scratch;
    graph_->trace(tensor, region, scratch, sources);
    return jobs_of(sources);
  }
  JobSet jobs_of(const Tokens& tokens) const {
    JobSet set;
    for (std::size_t token = 0; token < network_.tokens(); ++token) {
      if (tokens.test(token)) {
        set |= makers_[token];
      }
    }
    return set;
  }

 private:
  void add_jobs() {
    for (const OperatorId op : graph_->mapped()) {
      const WorkOrder& order = graph_->order(op);
      const std::size_t first = jobs.size();
      for (std::int64_t server = 0; server < order.server_count(); ++server) {
        for (std::int64_t step = 0; step < order.step_count(server); ++step) {
          const Job job = order.job(step, server);
          if (!job.box.empty()) {
            jobs.push_back({op, job.box, workload_->output_region(op, job.box), {}, {}, {}});
          }
        }
      }
      if (const auto chain = workload_->at(op).chain) {
        std::stable_sort(jobs.begin() + static_cast<std::ptrdiff_t>(first), jobs.end(),
                         [&](const PlacedJob& a, const PlacedJob& b) {
                           return a.box[*chain].begin < b.box[*chain].begin;
                         });
      }
    }
    if (jobs.size() > kMostJobs) {
      throw InputError("too many jobs");
    }
  }

  // Which jobs make a token.
  void name_products() {
    makers_.resize(network_.tokens());
    for (const Product& product : network_.products()) {
      std::map<std::size_t, std::size_t> token_at;
      for (std::size_t e = 0; e < product.positions.size(); ++e) {
        token_at[product.positions[e]] = product.first_token + e;
      }
      const Operator& op = onnx_reader::operator_named(*workload_, product.name);
      const Shape& shape = workload_->at(op.output).shape;
      mapped_names_.insert(product.name);
      for (std::size_t j = 0; j < jobs.size(); ++j) {
        if (workload_->at(jobs[j].op).name == product.name) {
          for_each_position(shape, jobs[j].output, [&](std::size_t position) {
            makers_[token_at.at(position)].set(j);
          });
        }
      }
    }
    for (const OperatorId op : graph_->mapped()) {
      if (!mapped_names_.contains(workload_->at(op).name)) {
        throw InputError("nobody expected the product " + workload_->at(op).name);
      }
    }
  }

  Tokens needed_by(const PlacedJob& job) const {
    Tokens all;
    for (const Product& product : network_.products()) {
      if (product.name != workload_->at(job.op).name) {
        continue;
      }
      std::map<std::size_t, std::size_t> element_at;
      for (std::size_t e = 0; e < product.positions.size(); ++e) {
        element_at[product.positions[e]] = e;
      }
      for_each_position(workload_->at(workload_->at(job.op).output).shape, job.output,
                        [&](std::size_t position) {
                          all |= product.needs[element_at.at(position)];
                        });
    }
    return all;
  }

  JobSet traced_by(const PlacedJob& job) const {
    std::vector<Source> sources;
    WorkGraph::Scratch scratch;
    graph_->trace(job.op, job.box, scratch, sources);
    return jobs_of(sources);
  }
  JobSet jobs_of(const std::vector<Source>& sources) const {
    JobSet set;
    for (const Source& source : sources) {
      for (std::size_t j = 0; j < jobs.size(); ++j) {
        if (jobs[j].op == source.producer && !jobs[j].output.intersect(source.region).empty()) {
          set.set(j);
        }
      }
    }
    return set;
  }

  Random random_;
  ElementNetwork network_;
  std::shared_ptr<const Workload> workload_;
  std::unique_ptr<property::TestCostModel> cost_;
  Architecture architecture_;
  std::unique_ptr<Design> design_;
  AnalysisRequest request_;
  std::unique_ptr<WorkGraph> graph_;
  std::vector<JobSet> makers_;  // by token
  std::set<std::string> mapped_names_;
};

// Everything that a job waits for, directly or through others; jobs wait for earlier ones only.
std::vector<JobSet> closure(const std::vector<PlacedJob>& jobs, JobSet PlacedJob::* direct) {
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
  EXPECT_GE(types.size(), 40u);
  for (const auto& [type, times] : types) {
    EXPECT_GE(times, 3) << type;
  }
}

}  // namespace
}  // namespace imbrex::elements
