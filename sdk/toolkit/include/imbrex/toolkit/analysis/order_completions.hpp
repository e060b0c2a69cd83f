// The usual way to remember completions: the digits of the loop nest where one clock numbers its
// steps, end times of tiles elsewhere. Exact for every order.
#pragma once

#include <imbrex/toolkit/analysis/forward_pass.hpp>
#include <imbrex/values/completion.hpp>

#include <memory>
#include <string>
#include <vector>

namespace imbrex::analysis {

class OrderCompletions : public Completions {
 public:
  struct Options {
    bool tables = true;  // per dimension, for O(1) per question instead of O(loops)
    // Digits also where servers run apart; the clock of the latest server counts for all, so that
    // completions may be late. Jobs dealt anew, or to several copies of a grid, have no digits.
    bool always_digits = false;
  };
  // The graph must outlive it.
  OrderCompletions(const WorkGraph& graph, const Options& options);
  ~OrderCompletions() override;

  void publish(const OperatorPass& done) override;
  std::int64_t ready_ps(const Source& source, OperatorId consumer, const DimBox& box) override;
  bool asks_one_server() const noexcept override { return true; }
  // Some completion may be later than the truth.
  bool conservative() const noexcept { return conservative_; }

 protected:
  const WorkGraph& graph() const noexcept { return graph_; }
  const Completion& completion(OperatorId published) const noexcept {
    return *completions_[published];
  }

 private:
  const WorkGraph& graph_;
  const Options options_;
  // Per operator; null until published, because a completion is large and segments are many.
  IndexVector<OperatorId, std::unique_ptr<const Completion>> completions_;
  bool conservative_ = false;
};

// Do the digits of the mapping's loops number the steps of the order that the graph has for an
// operator?
bool digits_number_steps(const WorkGraph& graph, OperatorId mapped_op) noexcept;

// Does some job of an operator cover several groups and only a part of their channels? Then what it
// writes has gaps, which its output region fills: whoever looks jobs up by their regions may wait
// for one that makes nothing of what is read.
bool writes_with_gaps(const WorkGraph& graph, OperatorId mapped_op) noexcept;
// The reason that such an analyzer gives, naming the operators; empty: regions are what jobs write.
std::string gaps_in_regions(const WorkGraph& graph);
// What such an analyzer says of a graph: exact, or conservative for that reason.
Fidelity fidelity_by_regions(const WorkGraph& graph);

}  // namespace imbrex::analysis
