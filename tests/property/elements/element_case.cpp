#include "element_case.hpp"

#include "random_nest.hpp"
#include "run/reading_holes.hpp"

#include <algorithm>
#include <map>

namespace imbrex::elements {
namespace {

JobShape random_shape(Random& random) {
  JobShape shape;
  shape.kind = static_cast<JobShape::Kind>(random.below(5));
  shape.height = random.between(1, 3);
  shape.width = random.between(1, 3);
  shape.samples = random.between(0, 2);
  return shape;
}

// What an element is summed up of stays in one job, so that a job needs what its elements need.
constexpr Dim kOutputDims[] = {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q};

}  // namespace

Case::Case(std::uint64_t number) : random_(kSeed, number), network_(random_) {
  fill_at_random(network_, types);
  onnx_reader::Config config;
  workload_ = std::make_shared<const Workload>(network_.model().read(config));
  cost_ = std::make_unique<test::FakeCostModel>(*workload_);
  design_ = std::make_unique<Design>(workload_);
  for (std::size_t i = 0; i < workload_->operators().size(); ++i) {
    const Operator& op = workload_->operators()[i];
    if (!op.has_macs() || op.chain) {
      continue;
    }
    if (random_.below(3) == 0) {
      design_->mapping(operator_id(i)) = test::random_outer_loops(op.bounds, kOutputDims, random_);
    } else {
      design_->placement(operator_id(i)).copies = random_.between(1, 2);
      design_->placement(operator_id(i)).dealing = static_cast<Dealing>(random_.below(3));
    }
  }
  request_.shape = random_shape(random_);
  graph_ =
      std::make_unique<WorkGraph>(*design_, Machine{*workload_, architecture_, *cost_}, request_);
  holes = run::reading_holes(*graph_);
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

std::string Case::text() const {
  std::string all = "granularity " + std::to_string(static_cast<int>(request_.shape.kind)) +
                    ", samples " + std::to_string(request_.shape.samples) + "\n" + network_.text();
  for (const auto& node : network_.model().proto().graph().node()) {
    all += node.ShortDebugString() + "\n";
  }
  for (const std::string& hole : holes) {
    all += "hole: " + hole + "\n";
  }
  return all;
}

std::string Case::text(const PlacedJob& job) const {
  std::string all = workload_->at(job.op).name;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    all += " [" + std::to_string(job.box.dim[d].begin) + "," + std::to_string(job.box.dim[d].end) +
           ")";
  }
  return all;
}

JobSet Case::traced(TensorId tensor, const Region& region) const {
  std::vector<Source> sources;
  WorkGraph::Scratch scratch;
  graph_->trace(tensor, region, scratch, sources);
  return jobs_of(sources);
}

JobSet Case::jobs_of(const Tokens& tokens) const {
  JobSet set;
  for (std::size_t token = 0; token < network_.tokens(); ++token) {
    if (tokens.test(token)) {
      set |= makers_[token];
    }
  }
  return set;
}

void Case::add_jobs() {
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

void Case::name_products() {
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
        for_each_position(shape, jobs[j].output,
                          [&](std::size_t position) { makers_[token_at.at(position)].set(j); });
      }
    }
  }
  for (const OperatorId op : graph_->mapped()) {
    if (!mapped_names_.contains(workload_->at(op).name)) {
      throw InputError("nobody expected the product " + workload_->at(op).name);
    }
  }
}

Tokens Case::needed_by(const PlacedJob& job) const {
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
                      [&](std::size_t position) { all |= product.needs[element_at.at(position)]; });
  }
  return all;
}

JobSet Case::traced_by(const PlacedJob& job) const {
  std::vector<Source> sources;
  WorkGraph::Scratch scratch;
  graph_->trace(job.op, job.box, scratch, sources);
  return jobs_of(sources);
}

JobSet Case::jobs_of(const std::vector<Source>& sources) const {
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

}  // namespace imbrex::elements
