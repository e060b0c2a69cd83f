// The slow twin of LayerTraffic: every way from a reader back to an origin is a crossing of its
// own, and every segment looks at all of them.
#pragma once

#include <imbrex/toolkit/segments/segment_traffic.hpp>
#include <imbrex/values/workload.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace imbrex::test {

class SlowLayerTraffic {
 public:
  SlowLayerTraffic(const Workload& workload, std::span<const OperatorId> layers)
      : workload_(workload), layers_(layers.begin(), layers.end()) {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      origin_of_[workload.at(layers_[i]).output] = static_cast<int>(i);
    }
    for (std::size_t i = 0; i < workload.inputs().size(); ++i) {
      origin_of_[workload.inputs()[i]] = static_cast<int>(layers_.size() + i);
    }
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      for (const TensorId input : workload.at(layers_[i]).inputs) {
        trace(input, {input, false}, static_cast<int>(i));
      }
    }
    for (const TensorId output : workload.outputs()) {
      int layer = -1;
      for (const int origin : behind(output)) {
        layer = origin < static_cast<int>(layers_.size()) ? std::max(layer, origin) : layer;
      }
      if (layer >= 0) {
        trace(output, {output, false}, layer);
        results_.push_back({layer, output});
      }
    }
  }

  segments::LayerBits of(const std::vector<std::int32_t>& segment_of, std::int32_t segment,
                         std::int64_t retained_bits) const {
    const auto in_segment = [&](int layer) {
      return segment_of[static_cast<std::size_t>(layer)] == segment;
    };
    segments::LayerBits bits;
    std::set<TensorId> stored;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      bits.weight_bits +=
          in_segment(static_cast<int>(i)) ? workload_.at(layers_[i]).weight_bits() : 0;
    }
    for (const auto& [layer, output] : results_) {
      bits.store_bits += in_segment(layer) && stored.insert(output).second ? size(output) : 0;
    }
    for (const auto& [origin, crossings] : crossings_) {
      const bool outside = origin >= static_cast<int>(layers_.size());
      const bool mine = !outside && in_segment(origin);
      Forms forms;
      for (const Crossing& crossing : crossings) {
        if (mine != in_segment(crossing.reader)) {
          forms.emplace(crossing.form, crossing.computed);
        }
      }
      add(forms, outside, mine, retained_bits, whole_bits(origin), stored, bits);
    }
    return bits;
  }

 private:
  using Forms = std::map<TensorId, bool>;  // whether they are computed

  void add(const Forms& forms, bool outside, bool mine, std::int64_t retained_bits,
           std::int64_t whole, std::set<TensorId>& stored, segments::LayerBits& bits) const {
    std::int64_t selected = 0;
    std::int64_t computed = 0;
    for (const auto& [form, is_computed] : forms) {
      if (!outside && size(form) <= retained_bits) {
        (mine ? bits.retained_out_bits : bits.retained_in_bits) += size(form);
      } else if (!mine || stored.insert(form).second) {
        (is_computed ? computed : selected) += size(form);
      }
    }
    if (outside) {
      bits.load_bits += computed > 0 ? whole : std::min(whole, selected);
    } else if (mine) {
      bits.store_bits += std::min(whole, selected) + computed;
    } else {
      bits.load_bits += selected >= whole ? whole : selected + computed;
    }
  }

  struct Form {
    TensorId tensor = TensorId::none;
    bool computed = false;
  };
  struct Crossing {
    int reader = 0;  // a layer
    TensorId form = TensorId::none;
    bool computed = false;
  };

  std::int64_t size(TensorId tensor) const {
    return workload_.at(tensor).shape.elements() * workload_.at(tensor).bits_per_element;
  }
  std::int64_t whole_bits(int origin) const {
    const auto i = static_cast<std::size_t>(origin);
    return size(i < layers_.size() ? workload_.at(layers_[i]).output
                                   : workload_.inputs()[i - layers_.size()]);
  }
  // Origins of a tensor's data.
  std::set<int> behind(TensorId tensor) const {
    if (const auto known = origin_of_.find(tensor); known != origin_of_.end()) {
      return {known->second};
    }
    std::set<int> all;
    for (const TensorId input : workload_.at(workload_.at(tensor).producer).inputs) {
      const std::set<int> some = behind(input);
      all.insert(some.begin(), some.end());
    }
    return all;
  }
  static bool selects(OperatorKind kind) {
    return kind == OperatorKind::slice || kind == OperatorKind::gather ||
           kind == OperatorKind::reshape || kind == OperatorKind::transpose ||
           kind == OperatorKind::expand || kind == OperatorKind::concat;
  }

  void trace(TensorId here, Form form, int reader) {
    if (size(here) <= size(form.tensor)) {
      form = {here, false};
    }
    if (const auto origin = origin_of_.find(here); origin != origin_of_.end()) {
      crossings_[origin->second].push_back({reader, form.tensor, form.computed});
      return;
    }
    const Operator& op = workload_.at(workload_.at(here).producer);
    const std::set<int> origins = behind(here);
    if (op.inputs.size() != 1 && origins.size() == 1 &&
        size(form.tensor) <= whole_bits(*origins.begin())) {
      crossings_[*origins.begin()].push_back({reader, form.tensor, true});
      return;
    }
    for (const TensorId input : op.inputs) {
      trace(input,
            op.inputs.size() == 1 ? Form{form.tensor, form.computed || !selects(op.kind)}
                                  : Form{input, false},
            reader);
    }
  }

  const Workload& workload_;
  const std::vector<OperatorId> layers_;
  std::map<TensorId, int> origin_of_;
  std::map<int, std::vector<Crossing>> crossings_;  // by origin
  std::vector<std::pair<int, TensorId>> results_;   // with the layer that makes them
};

}  // namespace imbrex::test
