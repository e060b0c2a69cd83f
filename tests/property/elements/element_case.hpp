// One random network, read, placed and cut into jobs, with both answers to what a job waits for: by
// elements (element_network.hpp) and by regions (`WorkGraph::trace`).
#pragma once

#include "element_network.hpp"
#include "fakes/cost_model.hpp"

#include <imbrex/values/work_graph.hpp>

#include <memory>
#include <set>

namespace imbrex::elements {

inline constexpr std::uint64_t kSeed = 20261129;
inline constexpr std::size_t kMostJobs = 4096;
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

// One network, cut into jobs, with both answers.
class Case {
 public:
  explicit Case(std::uint64_t number);

  // Jobs in an order in which each comes after those it waits for.
  std::vector<PlacedJob> jobs;
  std::vector<std::string> types;
  std::vector<std::string> holes;

  const ElementNetwork& network() const { return network_; }
  const Workload& workload() const { return *workload_; }
  std::string text() const;
  std::string text(const PlacedJob& job) const;

  // What the elements of a region of any tensor wait for, by regions.
  JobSet traced(TensorId tensor, const Region& region) const;
  JobSet jobs_of(const Tokens& tokens) const;

 private:
  void add_jobs();

  // Which jobs make a token.
  void name_products();

  Tokens needed_by(const PlacedJob& job) const;

  JobSet traced_by(const PlacedJob& job) const;
  JobSet jobs_of(const std::vector<Source>& sources) const;

  Random random_;
  ElementNetwork network_;
  std::shared_ptr<const Workload> workload_;
  std::unique_ptr<test::FakeCostModel> cost_;
  Architecture architecture_;
  std::unique_ptr<Design> design_;
  AnalysisRequest request_;
  std::unique_ptr<WorkGraph> graph_;
  std::vector<JobSet> makers_;  // by token
  std::set<std::string> mapped_names_;
};

}  // namespace imbrex::elements
