// Which tensors may cross borders: what LayerTraffic is made of.
#include "segments/movement_trace.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/segments/segment_traffic.hpp>

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace imbrex::segments {
namespace {

// Does the operator hand on words of its input as they are?
bool only_selects(OperatorKind kind) noexcept {
  return kind == OperatorKind::slice || kind == OperatorKind::gather ||
         kind == OperatorKind::reshape || kind == OperatorKind::transpose ||
         kind == OperatorKind::expand || kind == OperatorKind::concat;
}

std::int64_t bits_of(const Tensor& tensor) noexcept {
  return tensor.shape.elements() * tensor.bits_per_element;
}

// Consumers [first, last].
struct Row {
  std::int32_t first = 0;
  std::int32_t last = 0;
};
// Ascending, with others between them.
using Rows = std::vector<Row>;

void append(Rows& rows, Row row) {
  if (!rows.empty() && row.first <= rows.back().last + 1) {
    rows.back().last = std::max(rows.back().last, row.last);
  } else {
    rows.push_back(row);
  }
}

void merge(const Rows& from, Rows& into) {
  if (into.empty()) {
    into = from;
    return;
  }
  Rows all;
  auto mine = into.begin();
  for (const Row& row : from) {
    for (; mine != into.end() && mine->first < row.first; ++mine) {
      append(all, *mine);
    }
    append(all, row);
  }
  for (; mine != into.end(); ++mine) {
    append(all, *mine);
  }
  into = std::move(all);
}

}  // namespace

// Finds who reads what of each origin. Where ways meet, each goes on by itself as if it had begun
// there. So a tensor's readers are handed on to the operands of such an operator, later tensors
// first, and every way between two meetings is followed once, whoever many readers it has: those of
// a residual stream are all the later layers. Readers of one form in a row are one crossing, and a
// form has one origin.
class CrossingFinder {
 public:
  CrossingFinder(const Workload& workload, std::span<const OperatorId> layers, LayerTraffic& result)
      : workload_(workload),
        origins_(workload, layers),
        result_(result),
        readers_(workload.tensors().size()),
        forms_(workload.tensors().size()) {}

  std::int32_t last_layer(TensorId tensor) const { return origins_.last_layer(tensor); }
  // Consumers come in order.
  void read(TensorId tensor, std::int32_t consumer) {
    append(readers_[tensor], {consumer, consumer});
  }

  void run() {
    const auto count = workload_.operators().size();
    for (std::size_t i = count; i-- > 0;) {
      follow(workload_.operators()[i].output);
    }
    for (const TensorId input : workload_.inputs()) {
      follow(input);
    }
    for (const TensorId form : forms_.ids()) {
      for (const Row& row : forms_[form].readers) {
        result_.crossings_.push_back(
            {forms_[form].origin, row.first, row.last, form, bits(form), forms_[form].computed});
      }
    }
    std::sort(result_.crossings_.begin(), result_.crossings_.end(),
              [](const LayerTraffic::Crossing& a, const LayerTraffic::Crossing& b) {
                return std::tie(a.origin, a.form, a.first) < std::tie(b.origin, b.form, b.first);
              });
  }

 private:
  // The narrowest tensor since the last meeting of ways, and whether operators between here and
  // there do more than select words.
  struct Way {
    TensorId form = TensorId::none;
    bool computed = false;
  };
  struct Form {
    std::int32_t origin = 0;
    bool computed = false;
    Rows readers;
  };

  std::int64_t bits(TensorId tensor) const { return bits_of(workload_.at(tensor)); }

  void arrive(std::int32_t origin, const Way& way, const Rows& readers) {
    Form& form = forms_[way.form];
    IMBREX_ASSERT(form.readers.empty() || (form.origin == origin && form.computed == way.computed));
    form.origin = origin;
    form.computed = way.computed;
    merge(readers, form.readers);
  }

  // Back to an origin, or to where ways meet.
  void follow(TensorId start) {
    const Rows readers = std::exchange(readers_[start], {});
    if (readers.empty()) {
      return;
    }
    Way way{start, false};
    for (TensorId here = start;;) {
      if (bits(here) <= bits(way.form)) {
        way = {here, false};
      }
      if (origins_.starts_at(here)) {
        arrive(origins_.only(here), way, readers);
        return;
      }
      const OperatorId maker = workload_.at(here).producer;
      if (maker == OperatorId::none) {
        return;
      }
      const Operator& op = workload_.at(maker);
      if (op.inputs.size() != 1) {
        meet(here, op, way, readers);
        return;
      }
      way.computed = way.computed || !only_selects(op.kind);
      here = op.inputs.front();
    }
  }

  // Where branches of one origin meet, what they make together is read, unless all of the origin's
  // words are fewer.
  void meet(TensorId here, const Operator& op, const Way& way, const Rows& readers) {
    const std::int32_t only = origins_.only(here);
    if (only >= 0 && bits(way.form) <= result_.whole_bits_[static_cast<std::size_t>(only)]) {
      arrive(only, {way.form, true}, readers);
      return;
    }
    for (const TensorId operand : op.inputs) {
      merge(readers, readers_[operand]);
    }
  }

  const Workload& workload_;
  const Origins origins_;
  LayerTraffic& result_;
  IndexVector<TensorId, Rows> readers_;  // by tensor where their ways begin
  IndexVector<TensorId, Form> forms_;
};

LayerTraffic::LayerTraffic(const Workload& workload, std::span<const OperatorId> layers) {
  for (const OperatorId id : layers) {
    weight_bits_.push_back(workload.at(id).weight_bits());
    whole_bits_.push_back(bits_of(workload.at(workload.at(id).output)));
  }
  for (const TensorId input : workload.inputs()) {
    whole_bits_.push_back(bits_of(workload.at(input)));
  }
  CrossingFinder finder(workload, layers, *this);
  const auto count = static_cast<std::int32_t>(layers.size());
  for (std::int32_t i = 0; i < count; ++i) {
    for (const TensorId input : workload.at(layers[static_cast<std::size_t>(i)]).inputs) {
      finder.read(input, i);
    }
  }
  for (const TensorId output : workload.outputs()) {
    const std::int32_t layer = finder.last_layer(output);
    if (layer >= 0) {
      finder.read(output, count + static_cast<std::int32_t>(outputs_.size()));
      outputs_.push_back({layer, output, bits_of(workload.at(output))});
    }
  }
  finder.run();
}

}  // namespace imbrex::segments
