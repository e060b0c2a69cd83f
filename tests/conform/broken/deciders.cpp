// Partitioners and searches that break one rule each.
#include <imbrex/plugin.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>

#include <chrono>
#include <ctime>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace {

using imbrex::Context;
using imbrex::Design;
using imbrex::Evaluator;
using imbrex::NoConfig;
using imbrex::OperatorId;

std::vector<OperatorId> mapped(const Design& design, const Evaluator& evaluator) {
  std::vector<OperatorId> ids;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    if (evaluator.cost().demand(imbrex::operator_id(i)).mappable) {
      ids.push_back(imbrex::operator_id(i));
    }
  }
  return ids;
}

// Leaves everything as it is, which is right.
class Idle : public imbrex::Partitioner {
 public:
  Idle(const NoConfig&, const Context& context) : host_(*context.host) {}
  void partition(Design&, Evaluator&) override {}

 protected:
  imbrex::Host& host_;
};

class OffTheChip final : public Idle {
 public:
  using Idle::Idle;
  void partition(Design& design, Evaluator& evaluator) override {
    design.placement(mapped(design, evaluator).front()).first_unit = std::int64_t{1} << 40;
  }
};

// A copy more of everything than the chip has units for.
class Overfills final : public Idle {
 public:
  using Idle::Idle;
  void partition(Design& design, Evaluator& evaluator) override {
    const std::int64_t units = evaluator.architecture().resources.front().count;
    const std::vector<OperatorId> ids = mapped(design, evaluator);
    std::int64_t owned = 0;
    for (bool more = true; more && owned <= units;) {
      owned = 0;
      more = false;
      for (const OperatorId op : ids) {
        if (!design.workload().at(op).chain && design.placement(op).copies < 16) {
          ++design.placement(op).copies;
          more = true;
        }
        owned += evaluator.cost().demand(op).units * design.placement(op).copies;
      }
    }
  }
};

class Maps final : public Idle {
 public:
  using Idle::Idle;
  void partition(Design& design, Evaluator& evaluator) override {
    const OperatorId op = mapped(design, evaluator).front();
    design.mapping(op) = evaluator.cost().canonical_mapping(op, design.placement(op), {});
  }
};

class UndeclaredFact final : public Idle {
 public:
  using Idle::Idle;
  void partition(Design&, Evaluator& evaluator) override {
    evaluator.statistic("secret", std::int64_t{7});
  }
};

// Says on how many threads it ran.
class CountsThreads final : public Idle {
 public:
  using Idle::Idle;
  void partition(Design&, Evaluator& evaluator) override {
    std::mutex mutex;
    std::set<std::thread::id> threads;
    host_.parallel_for(64, 1, [&](std::size_t, std::size_t) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      const std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
    });
    evaluator.statistic("threads", static_cast<std::int64_t>(threads.size()));
  }
};
constexpr imbrex::FactSpec kThreads[] = {{"threads", "thread", "Threads that took part."}};

// Works for a second of the processor on long networks, and does not look up.
class IgnoresCancel final : public Idle {
 public:
  using Idle::Idle;
  void partition(Design& design, Evaluator&) override {
    const std::clock_t end = std::clock() + CLOCKS_PER_SEC;
    while (design.workload().operators().size() > 11 && std::clock() < end) {
    }
  }
};

class MovesLayers final : public imbrex::SearchStrategy {
 public:
  MovesLayers(const NoConfig&, const Context&) {}
  void search(Design& design, Evaluator& evaluator) override {
    design.placement(mapped(design, evaluator).front()).dealing = imbrex::Dealing::strip_h;
  }
};

// Keeps the slowest nest that it draws for the first layer, where any is slower than the given one.
class Worsens final : public imbrex::SearchStrategy {
 public:
  Worsens(const NoConfig&, const Context& context) : host_(*context.host) {}
  void search(Design& design, Evaluator& evaluator) override {
    imbrex::Random random = host_.random(0);
    for (const OperatorId op : mapped(design, evaluator)) {
      auto spec = evaluator.cost().map_space(op, design.placement(op));
      if (spec.slots.empty()) {
        continue;
      }
      const imbrex::mapspace::MapSpace space(std::move(spec));
      std::int64_t slowest_ps = 0;
      for (int i = 0; i < 200 && !space.empty(); ++i) {
        const imbrex::Mapping mapping = space.sample(random);
        imbrex::LayerCost cost;
        evaluator.score_layer(op, design.placement(op), {&mapping, 1}, {&cost, 1});
        if (cost.verdict == imbrex::Verdict::feasible && cost.latency_ps > slowest_ps) {
          slowest_ps = cost.latency_ps;
          design.mapping(op) = mapping;
        }
      }
    }
  }

 private:
  imbrex::Host& host_;
};

template <class Type>
consteval imbrex::Component component(std::string_view id) {
  return imbrex::component<Type, NoConfig>(id, "Breaks one rule", {});
}

constexpr imbrex::Component kComponents[] = {
    component<Idle>("broken.partition.none"),
    component<OffTheChip>("broken.partition.off-the-chip"),
    component<Overfills>("broken.partition.overfills").requires_of_design(imbrex::Trait::copies),
    component<Maps>("broken.partition.maps"),
    component<UndeclaredFact>("broken.partition.undeclared-fact"),
    component<CountsThreads>("broken.partition.counts-threads").states(kThreads),
    component<IgnoresCancel>("broken.partition.ignores-cancel"),
    component<MovesLayers>("broken.search.moves-layers"),
    component<Worsens>("broken.search.worsens")
        .requires_of_design(imbrex::Trait::map_space)
        .provides(imbrex::Trait::mappings)};

}  // namespace

IMBREX_PLUGIN("broken.deciders", "1.0.0", "Stages that break one rule each", "MIT", kComponents)
