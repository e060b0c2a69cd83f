// A network on a DRAM-PIM system put together from the built plugins, and an evaluator for
// partitioners that ask for costs.
#pragma once

#include "clsa_fixture.hpp"

#include <imbrex/values/map_space_spec.hpp>

#include <map>

namespace imbrex::test {

class DramSystem {
 public:
  explicit DramSystem(std::shared_ptr<const Workload> network, const Settings& architecture = {},
                      const Settings& cost = {})
      : workload_(std::move(network)),
        model_(plugin::make_instance<ArchitectureModel>(
            configure("imbrex.architecture.dram-pim", architecture),
            Context{workload_.get(), nullptr, nullptr, &host()})),
        cost_(plugin::make_instance<CostModel>(
            configure("imbrex.cost.bit-serial", cost),
            Context{workload_.get(), &model_->view(), nullptr, &host()})) {}

  const Workload& workload() const { return *workload_; }
  Design design() const { return Design(workload_); }
  const ArchitectureModel& model() const { return *model_; }
  const Architecture& architecture() const { return model_->view(); }
  const CostModel& cost() const { return *cost_; }
  Context context() const { return {workload_.get(), &architecture(), cost_.get(), &host()}; }
  plugin::Instance<OverlapAnalyzer> analyzer(std::string_view id,
                                             const Settings& settings = {}) const {
    return plugin::make_instance<OverlapAnalyzer>(configure(id, settings), context());
  }
  OperatorId id(std::string_view name) const {
    for (std::size_t i = 0; i < workload_->operators().size(); ++i) {
      if (workload_->operators()[i].name == name) {
        return operator_id(i);
      }
    }
    throw std::out_of_range(std::string(name));
  }
  std::vector<OperatorId> mapped() const {
    std::vector<OperatorId> ids;
    for (std::size_t i = 0; i < workload_->operators().size(); ++i) {
      if (cost_->demand(operator_id(i)).mappable) {
        ids.push_back(operator_id(i));
      }
    }
    return ids;
  }
  LayerCost evaluate(OperatorId op, const Placement& placement, const Mapping& mapping) const {
    LayerCost out;
    cost_->evaluate(op, placement, {&mapping, 1}, {&out, 1});
    return out;
  }

 private:
  std::shared_ptr<const Workload> workload_;
  plugin::Instance<ArchitectureModel> model_;
  plugin::Instance<CostModel> cost_;
};

class DramEvaluator final : public Evaluator {
 public:
  explicit DramEvaluator(const DramSystem& system)
      : system_(system), analyzer_(system.analyzer("imbrex.overlap.clsa-cim")) {}
  const CostModel& cost() const noexcept override { return system_.cost(); }
  const Architecture& architecture() const noexcept override { return system_.architecture(); }
  const OverlapAnalyzer& analyzer() const noexcept override { return *analyzer_; }
  void score(std::span<const Design* const>, std::span<Score>) override { std::abort(); }
  void score_layer(OperatorId op, const Placement& placement, std::span<const Mapping> candidates,
                   std::span<LayerCost> out) override {
    system_.cost().evaluate(op, placement, candidates, out);
  }
  void score_pairs(const PairBatch&, std::span<PairResult>) override { std::abort(); }
  std::int64_t evaluations() const noexcept override { return 0; }
  void statistic(std::string_view, double) override {}
  void statistic(std::string_view name, std::int64_t value) override {
    statistics[std::string(name)] = value;
  }
  void note(std::string_view, std::string_view) override {}

  std::map<std::string, std::int64_t> statistics;

 private:
  const DramSystem& system_;
  plugin::Instance<OverlapAnalyzer> analyzer_;
};

inline Placement slice(std::int64_t units) {
  Placement placement;
  placement.units = units;
  return placement;
}

inline std::shared_ptr<const Workload> one_convolution(std::int64_t channels, std::int64_t side,
                                                       std::int64_t filters, std::int64_t kernel) {
  WorkloadBuilder builder("one");
  ConvolutionParams params;
  params.output_channels = filters;
  params.window.kernel = {kernel, kernel};
  params.window.pad_begin = params.window.pad_end = {kernel / 2, kernel / 2};
  builder.convolution("op", builder.input("x", Shape{4, {1, channels, side, side}}), params);
  return std::make_shared<const Workload>(builder.finish());
}

template <class Failure, class Call>
std::string failure_of(Call call) {
  try {
    call();
  } catch (const Failure& failure) {
    return failure.what();
  }
  return "nothing thrown";
}

}  // namespace imbrex::test
