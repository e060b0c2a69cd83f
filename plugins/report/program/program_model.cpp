#include "program_model.hpp"

#include <imbrex/toolkit/segments/segment_traffic.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace imbrex::program {
namespace {

// An operator in its segment.
struct Part {
  const OperatorResult* op = nullptr;
  std::int32_t segment = 0;
  std::int64_t first_unit = 0;
  std::int64_t weight_bits = 0;
  std::int64_t load_bits = 0;
  std::int64_t store_bits = 0;
  std::int64_t bus_bits = 0;
};

// Consecutive shares of a duration, in proportion to bits; they add up to the whole.
class Shares {
 public:
  Shares(std::int64_t start_ps, std::int64_t total_ps, std::int64_t bits)
      : start_ps_(start_ps), total_ps_(total_ps), bits_(bits) {}
  Interval next(std::int64_t bits) {
    const std::int64_t begin = at();
    passed_ += bits;
    return {begin, at()};
  }

 private:
  std::int64_t at() const {
    return start_ps_ +
           (bits_ == 0 ? 0
                       : std::llround(static_cast<double>(total_ps_) *
                                      (static_cast<double>(passed_) / static_cast<double>(bits_))));
  }
  std::int64_t start_ps_;
  std::int64_t total_ps_;
  std::int64_t bits_;
  std::int64_t passed_ = 0;
};

class Writer {
 public:
  Writer(const Result& result, const Workload& workload, const Architecture& architecture)
      : result_(result),
        workload_(workload),
        architecture_(architecture),
        per_core_(architecture.resources.front().per_tile) {}

  std::vector<Instruction> run() {
    collect_parts();
    add_traffic();
    for (std::size_t begin = 0; begin < parts_.size();) {
      std::size_t end = begin;
      while (end < parts_.size() && parts_[end].segment == parts_[begin].segment) {
        ++end;
      }
      write_segment({parts_.data() + begin, end - begin});
      begin = end;
    }
    std::sort(out_.begin(), out_.end(), [](const Instruction& a, const Instruction& b) {
      const auto key = [](const Instruction& i) {
        return std::tuple(i.core, i.start_ps, i.kind, i.op, i.copy, i.step);
      };
      return key(a) < key(b);
    });
    return std::move(out_);
  }

 private:
  // Operators by segment, then in workload order, on consecutive units.
  void collect_parts() {
    std::map<std::string_view, std::int32_t> segment_of;
    for (const SegmentResult& segment : result_.segments) {
      for (const std::string& name : segment.operators) {
        segment_of[name] = segment.times.segment;
      }
    }
    for (const OperatorResult& op : result_.operators) {
      parts_.push_back({&op, segment_of.empty() ? 0 : segment_of.at(op.name)});
    }
    std::stable_sort(parts_.begin(), parts_.end(),
                     [](const Part& a, const Part& b) { return a.segment < b.segment; });
    std::int64_t next = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      next = i > 0 && parts_[i].segment != parts_[i - 1].segment ? 0 : next;
      parts_[i].first_unit = next;
      next += parts_[i].op->units_per_copy * parts_[i].op->copies;
    }
  }

  // What each operator reads at the entry of its segment and writes at the exit: the difference
  // that it makes to the operators before it, or behind it.
  void add_traffic() {
    std::vector<segments::ChannelHome> homes;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const LoopBounds& bounds = workload_.at(parts_[i].op->id).bounds;
      homes.push_back(
          {parts_[i].op->id, {0, bounds[Dim::G] * bounds[Dim::K]}, static_cast<std::int32_t>(i)});
    }
    std::sort(
        homes.begin(), homes.end(),
        [](const segments::ChannelHome& a, const segments::ChannelHome& b) { return a.op < b.op; });
    const segments::SliceTraffic traffic(workload_, homes);
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const auto here = static_cast<std::int32_t>(i);
      std::int32_t begin = here;
      std::int32_t end = here + 1;
      while (begin > 0 && same_segment(begin - 1, here)) {
        --begin;
      }
      while (end < static_cast<std::int32_t>(parts_.size()) && same_segment(end, here)) {
        ++end;
      }
      parts_[i].load_bits = traffic.load_bits({begin, here + 1}) - traffic.load_bits({begin, here});
      parts_[i].store_bits = traffic.store_bits({here, end}) - traffic.store_bits({here + 1, end});
      const Operator& op = workload_.at(parts_[i].op->id);
      parts_[i].weight_bits = op.weight_bits();
      parts_[i].bus_bits = op.bounds[Dim::N] * op.bounds[Dim::P] * op.bounds[Dim::Q] *
                           op.bounds[Dim::G] * op.bounds[Dim::C] * op.bounds[Dim::R] *
                           op.bounds[Dim::S] * workload_.at(op.inputs.front()).bits_per_element;
    }
  }
  bool same_segment(std::int32_t a, std::int32_t b) const noexcept {
    return parts_[static_cast<std::size_t>(a)].segment ==
           parts_[static_cast<std::size_t>(b)].segment;
  }

  SegmentResult segment_result(std::int32_t segment) const {
    for (const SegmentResult& one : result_.segments) {
      if (one.times.segment == segment) {
        return one;
      }
    }
    return {};
  }

  void write_segment(std::span<const Part> parts) {
    const SegmentResult segment = segment_result(parts.front().segment);
    const SegmentOverhead& overhead = segment.overhead;
    const std::int64_t start_ps = segment.times.start_ps;
    write_weights(parts, overhead, start_ps);
    const auto times = [&](std::int64_t bits) {
      return std::llround(static_cast<double>(bits) * architecture_.replacement.data_ps_per_bit);
    };
    const std::int64_t load_ps =
        std::min<std::int64_t>(times(overhead.load_bits), overhead.data_ps);
    const std::int64_t store_ps =
        std::min<std::int64_t>(times(overhead.store_bits), overhead.data_ps - load_ps);
    const std::int64_t bus_ps = overhead.data_ps - load_ps - store_ps;
    const std::int64_t data_ps = start_ps + overhead.weight_load_ps + overhead.weight_write_ps;
    write_data(parts, Kind::load_data, &Part::load_bits, data_ps, load_ps);
    write_data(parts, Kind::recv_data, &Part::bus_bits, data_ps + load_ps, bus_ps);
    write_jobs(parts, load_ps + bus_ps);
    write_data(parts, Kind::store_data, &Part::store_bits, segment.times.end_ps - store_ps,
               store_ps);
  }

  // One operator after another from memory, to all copies at once; then all crossbars are written.
  void write_weights(std::span<const Part> parts, const SegmentOverhead& overhead,
                     std::int64_t start_ps) {
    std::int64_t bits = 0;
    for (const Part& part : parts) {
      bits += part.weight_bits;
    }
    Shares shares(start_ps, overhead.weight_load_ps, bits);
    const std::int64_t loaded_ps = start_ps + overhead.weight_load_ps;
    for (const Part& part : parts) {
      const Interval time = shares.next(part.weight_bits);
      for (std::int64_t copy = 0; copy < part.op->copies; ++copy) {
        emit(part, copy, Kind::load_weight, time, 0, part.weight_bits);
        emit(part, copy, Kind::write_weight, {loaded_ps, loaded_ps + overhead.weight_write_ps}, 0,
             part.weight_bits);
      }
    }
  }

  // The first copy's cores move the data of an operator.
  void write_data(std::span<const Part> parts, Kind kind, std::int64_t Part::*bits,
                  std::int64_t start_ps, std::int64_t total_ps) {
    std::int64_t sum = 0;
    for (const Part& part : parts) {
      sum += part.*bits;
    }
    Shares shares(start_ps, total_ps, sum);
    for (const Part& part : parts) {
      const Interval time = shares.next(part.*bits);
      if (part.*bits > 0) {
        emit(part, 0, kind, time, 0, part.*bits);
      }
    }
  }

  // Jobs lie one after another by operator.
  void write_jobs(std::span<const Part> parts, std::int64_t shift_ps) {
    for (const Part& part : parts) {
      for (const TimedJob job : JobRuns(result_.jobs.runs_of(part.op->id))) {
        emit(part, job.server, Kind::mvmul, {job.start_ps + shift_ps, job.end_ps + shift_ps},
             job.step, 0);
      }
    }
  }

  // Once per core that holds part of the copy.
  void emit(const Part& part, std::int64_t copy, Kind kind, Interval time, std::int64_t step,
            std::int64_t bits) {
    const std::int64_t first = part.first_unit + copy * part.op->units_per_copy;
    const std::int64_t last = first + part.op->units_per_copy;
    for (std::int64_t core = first / per_core_; core * per_core_ < last; ++core) {
      const Interval held{std::max(first, core * per_core_),
                          std::min(last, (core + 1) * per_core_)};
      out_.push_back(
          {core, time.begin, time.end, kind, part.op->id, part.segment, copy, held, step, bits});
    }
  }

  const Result& result_;
  const Workload& workload_;
  const Architecture& architecture_;
  std::int64_t per_core_;
  std::vector<Part> parts_;
  std::vector<Instruction> out_;
};

}  // namespace

std::vector<Instruction> instructions(const Result& result, const Workload& workload,
                                      const Architecture& architecture) {
  return Writer(result, workload, architecture).run();
}

}  // namespace imbrex::program
