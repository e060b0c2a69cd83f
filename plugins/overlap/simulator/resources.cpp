#include "phase_builder.hpp"
#include "phases.hpp"

#include <imbrex/toolkit/extents/bounded_times.hpp>
#include <imbrex/values/region.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

namespace imbrex::simulator {
namespace {

// Share `i` of `total` when shares have the given weights: borders are rounded, so that the shares
// add up to the total. Equal shares when there are no weights.
std::vector<std::int64_t> shares(std::int64_t total, std::vector<std::int64_t> weights) {
  double sum = 0;
  for (const std::int64_t weight : weights) {
    sum += static_cast<double>(weight);
  }
  if (sum <= 0) {
    weights.assign(weights.size(), 1);
    sum = static_cast<double>(weights.size());
  }
  std::vector<std::int64_t> result;
  double before = 0;
  std::int64_t given = 0;
  for (const std::int64_t weight : weights) {
    before += static_cast<double>(weight);
    const std::int64_t border = std::llround(static_cast<double>(total) * (before / sum));
    result.push_back(border - given);
    given = border;
  }
  return result;
}

// The data time of a segment, as the architecture's rates divide it.
struct DataTimes {
  std::int64_t load_ps = 0;
  std::int64_t store_ps = 0;
  std::int64_t bus_ps = 0;
};

DataTimes data_times(const SegmentOverhead& overhead, const Architecture& architecture) {
  const double rate = architecture.replacement.data_ps_per_bit;
  const auto at_most = [](double ps, std::int64_t limit) {
    return std::min(extents::nearest_ps(ps), limit);
  };
  DataTimes times;
  times.load_ps = at_most(static_cast<double>(overhead.load_bits) * rate, overhead.data_ps);
  times.store_ps =
      at_most(static_cast<double>(overhead.store_bits) * rate, overhead.data_ps - times.load_ps);
  times.bus_ps = overhead.data_ps - times.load_ps - times.store_ps;
  return times;
}

class ResourceBuilder {
 public:
  ResourceBuilder(Model& model, const Surroundings& surroundings)
      : model_(model), around_(surroundings), builder_(model), stored_(model.samples) {}

  void run() {
    for (std::size_t s = 0; s < model_.segments.size(); ++s) {
      add_weights(s);
      add_data(s);
    }
    builder_.finish();
  }

 private:
  // Cores [first, last] of an operator, as WorkGraph counts them.
  Interval cores_of(OperatorId id, std::int64_t& next_unit) const {
    const Placement& placement = around_.design->placement(id);
    const auto& pools = around_.architecture->resources;
    const std::int64_t per_core = pools.empty() ? 1 : pools.front().per_tile;
    const std::int64_t units =
        std::max<std::int64_t>(1, owned_units(placement, around_.cost->demand(id)));
    const std::int64_t first = placement.first_unit >= 0 ? placement.first_unit : next_unit;
    next_unit = first + units;
    return {first / per_core, (first + units - 1) / per_core + 1};
  }

  // Loads weights operator by operator, into cores that their owners have left.
  void add_weights(std::size_t s) {
    SegmentEntry& segment = model_.segments[s];
    std::vector<std::int64_t> bits;
    for (Index op = segment.first_operator; op < segment.end_operator; ++op) {
      bits.push_back(around_.cost->demand(model_.operators[op].id).weight_bits);
    }
    const auto load_ps = shares(around_.overheads[s].weight_load_ps, std::move(bits));
    std::int64_t next_unit = 0;
    for (Index op = segment.first_operator; op < segment.end_operator; ++op) {
      const Index load = builder_.add_phase(load_ps[op - segment.first_operator], Resource::memory);
      const Index write = builder_.add_phase(around_.overheads[s].weight_write_ps, Resource::none);
      const Interval cores = cores_of(model_.operators[op].id, next_unit);
      wait_for_owners(load, cores);
      for (std::int64_t core = cores.begin; core < cores.end; ++core) {
        users_[core].push_back(op);
      }
      builder_.wait(write, builder_.after(load));
      written_[op] = builder_.after(write);
      builder_.lanes_wait(model_.operators[op], written_[op]);
      segment.loads.push_back(load);
    }
    for (auto& [core, operators] : users_) {
      auto& older = owners_[core];
      if (!operators.empty()) {
        older = std::move(operators);
      }
      operators.clear();
    }
  }

  // Operators of older segments that ran last on these cores.
  void wait_for_owners(Index load, const Interval& cores) {
    std::vector<Index> owners;
    for (std::int64_t core = cores.begin; core < cores.end; ++core) {
      const auto found = owners_.find(core);
      if (found != owners_.end()) {
        owners.insert(owners.end(), found->second.begin(), found->second.end());
      }
    }
    std::sort(owners.begin(), owners.end());
    owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
    for (const Index owner : owners) {
      const auto [entry, is_new] = left_.try_emplace(owner, 0);
      if (is_new) {
        entry->second = builder_.after_operators(owner, owner + 1);
      }
      builder_.wait(load, entry->second);
    }
  }

  void add_data(std::size_t s) {
    SegmentEntry& segment = model_.segments[s];
    const DataTimes times = data_times(around_.overheads[s], *around_.architecture);
    const std::vector<std::int64_t> equal(model_.samples, 1);
    const auto load_ps = shares(times.load_ps, equal);
    const auto store_ps = shares(times.store_ps, equal);
    const auto bus_ps = shares(times.bus_ps, equal);
    const auto external_ps = shares(around_.overheads[s].external_ps, equal);
    const auto buffer_ps = shares(around_.overheads[s].buffer_ps, equal);
    std::vector<Index> loaded;  // gates
    std::optional<Index> load_before;
    for (Index sample = 0; sample < model_.samples; ++sample) {
      const Index load = builder_.add_phase(load_ps[sample], Resource::memory);
      const Index bus = builder_.add_phase(bus_ps[sample], Resource::bus);
      const Index store = builder_.add_phase(store_ps[sample], Resource::memory);
      wait_to_load(segment, load, load_before, sample);
      loaded.push_back(builder_.after(load));
      builder_.wait(bus, loaded.back());
      builder_.wait(store, builder_.after(bus));
      segment.rest.insert(segment.rest.end(), {load, bus, store});
      add_beside(segment, Resource::memory, external_ps[sample], loaded.back(), store);
      add_beside(segment, Resource::buffer, buffer_ps[sample], loaded.back(), store);
      for (const Index gate : segment.exits[sample]) {
        builder_.wait(store, gate);
      }
      stored_[sample] = builder_.after(store);
      load_before = load;
    }
    for (Index op = segment.first_operator; op < segment.end_operator; ++op) {
      if (model_.operators[op].reads_outside) {
        wait_for_data(model_.operators[op], loaded);
      }
    }
  }

  // Words that move while the jobs of a sample run: between its load and its store.
  void add_beside(SegmentEntry& segment, Resource resource, std::int64_t duration_ps, Index loaded,
                  Index store) {
    if (duration_ps > 0) {
      const Index beside = builder_.add_phase(duration_ps, resource);
      builder_.wait(beside, loaded);
      builder_.wait(store, builder_.after(beside));
      segment.rest.push_back(beside);
    }
  }

  void wait_to_load(const SegmentEntry& segment, Index load, std::optional<Index> load_before,
                    Index sample) {
    if (load_before) {
      builder_.wait(load, builder_.after(*load_before));
    }
    if (stored_[sample]) {
      builder_.wait(load, *stored_[sample]);
    }
    for (Index op = segment.first_operator; op < segment.end_operator; ++op) {
      if (model_.operators[op].reads_outside) {
        builder_.wait(load, written_[op]);
      }
    }
  }

  void wait_for_data(const OperatorEntry& op, const std::vector<Index>& loaded) {
    for (Index lane = op.first_lane; lane < op.end_lane; ++lane) {
      std::optional<Index> last;
      for (Index batch = model_.lanes[lane].first_batch; batch < model_.lanes[lane].end_batch;
           ++batch) {
        const Index sample = model_.batches[batch].last_sample;
        if (!last || sample > *last) {
          builder_.wait(batch, loaded[sample]);
          last = sample;
        }
      }
    }
  }

  Model& model_;
  const Surroundings& around_;
  PhaseBuilder builder_;
  std::map<std::int64_t, std::vector<Index>>
      owners_;  // core -> operators of the segment that had it
  std::map<std::int64_t, std::vector<Index>> users_;  // core -> operators of the present segment
  std::map<Index, Index> left_;                       // operator -> gate: its jobs have ended
  std::map<Index, Index> written_;                    // operator -> gate: its weights are there
  std::vector<std::optional<Index>> stored_;          // per sample: gate of the latest store
};

}  // namespace

void add_resources(Model& model, const Surroundings& surroundings) {
  ResourceBuilder(model, surroundings).run();
}

}  // namespace imbrex::simulator
