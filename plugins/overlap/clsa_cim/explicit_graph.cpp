// Operators come in topological order and jobs of one operator never wait for each other's data, so
// the forward pass visits the whole set graph in topological order (section 6.4).
#include "explicit_graph.hpp"

#include "job_index.hpp"

#include <imbrex/toolkit/analysis/forward_pass.hpp>

#include <algorithm>
#include <optional>

namespace imbrex::clsa {
namespace {

// What later operators ask of a scheduled one.
struct Producer {
  JobIndex index;
  IndexVector<std::int64_t, std::int64_t> complete_ps;  // per cell: of all its jobs
  IndexVector<std::int64_t, std::int64_t> jobs;         // per cell
  IndexVector<std::int64_t, std::int64_t>
      counted_for;  // per cell: last consuming job that was counted
};

class JobCells final : public analysis::Completions {
 public:
  JobCells(const WorkGraph& graph, bool count_edges)
      : graph_(graph), count_edges_(count_edges), producers_(graph.workload().operators().size()) {}

  std::int64_t edges() const noexcept { return edges_; }

  void publish(const analysis::OperatorPass& done) override {
    std::optional<Producer>& mine = producers_[done.op];
    mine.emplace(Producer{JobIndex(graph_.workload(), done.op, *done.order), {}, {}, {}});
    const std::int64_t cells = mine->index.cell_count();
    mine->complete_ps.assign(cells, kAlwaysThere);
    if (count_edges_) {
      mine->jobs.assign(cells, 0);
      mine->counted_for.assign(cells, -1);
    }
    for (std::size_t number = 0; number < done.jobs.size(); ++number) {
      const analysis::PassJob& job = done.jobs[number];
      if (!job.has_work) {
        continue;
      }
      const std::int64_t cell = mine->index.cell_of(static_cast<std::int64_t>(number));
      mine->complete_ps[cell] = std::max(mine->complete_ps[cell], job.end_ps + job.completion_ps);
      if (count_edges_) {
        ++mine->jobs[cell];
      }
    }
  }

  std::int64_t ready_ps(const Source& source, OperatorId consumer, const DimBox& box) override {
    const bool counted = count_edges_ && consumer != OperatorId::none;
    if (counted && (consumer != consumer_ || box != box_)) {
      consumer_ = consumer;
      box_ = box;
      ++consuming_job_;
    }
    std::int64_t latest = kAlwaysThere;
    Producer& producer = *producers_[source.producer];
    producer.index.for_each_cell(source.region, [&](std::int64_t cell) {
      latest = std::max(latest, producer.complete_ps[cell]);
      // Regions that reach the same producer on different paths may overlap.
      if (counted && producer.counted_for[cell] != consuming_job_) {
        producer.counted_for[cell] = consuming_job_;
        edges_ += producer.jobs[cell];
      }
    });
    return latest;
  }

 private:
  const WorkGraph& graph_;
  const bool count_edges_;
  IndexVector<OperatorId, std::optional<Producer>> producers_;
  OperatorId consumer_ = OperatorId::none;  // who asked last, and for which job
  DimBox box_;
  std::int64_t consuming_job_ = 0;
  std::int64_t edges_ = 0;
};

}  // namespace

Schedule schedule_explicitly(const WorkGraph& graph, TimelineSink* detail) {
  JobCells cells(graph, detail != nullptr);
  analysis::ForwardPass pass(graph, cells);
  Schedule found;
  found.makespan_ps = pass.run(detail);
  found.jobs = pass.jobs();
  found.edges = cells.edges();
  return found;
}

}  // namespace imbrex::clsa
