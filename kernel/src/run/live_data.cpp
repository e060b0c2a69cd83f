#include "run/live_data.hpp"

#include "run/even_steps.hpp"
#include "run/output_boxes.hpp"
#include "run/timeline_index.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace imbrex::run {
namespace {

// What one consumer needs of one producer job.
struct Need {
  std::int64_t until_ps = -1;  // -1: nothing
  Region box;

  void widen(const Region& part, std::int64_t end_ps) noexcept {
    if (until_ps < 0) {
      box = part;
    } else {
      for (std::size_t axis = 0; axis < part.rank; ++axis) {
        box.axis[axis].begin = std::min(box.axis[axis].begin, part.axis[axis].begin);
        box.axis[axis].end = std::max(box.axis[axis].end, part.axis[axis].end);
      }
    }
    until_ps = std::max(until_ps, end_ps);
  }
};

// A stretch of time in which some bits are live.
struct Life {
  std::int64_t from_ps = 0;
  std::int64_t until_ps = 0;
  std::int64_t bits = 0;
};

std::int64_t peak_bits(const std::vector<Life>& lives) {
  std::vector<std::pair<std::int64_t, std::int64_t>> changes;  // time, difference
  changes.reserve(2 * lives.size());
  for (const Life& life : lives) {
    changes.emplace_back(life.from_ps, life.bits);
    changes.emplace_back(life.until_ps, -life.bits);
  }
  std::sort(changes.begin(), changes.end());  // at one instant what is freed comes first
  std::int64_t live = 0;
  std::int64_t peak = 0;
  for (const auto& [time_ps, difference] : changes) {
    live += difference;
    peak = std::max(peak, live);
  }
  return peak;
}

struct HashOfSource {
  std::size_t operator()(const Source& source) const noexcept {
    std::uint64_t hash = index(source.producer);
    for (std::size_t axis = 0; axis < source.region.rank; ++axis) {
      const Interval& interval = source.region.axis[axis];
      for (const std::int64_t end : {interval.begin, interval.end}) {
        hash = (hash ^ static_cast<std::uint64_t>(end)) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 29;
      }
    }
    return static_cast<std::size_t>(hash);
  }
};

class LiveData {
 public:
  LiveData(const WorkGraph& graph, const Timeline& timeline)
      : graph_(graph),
        timeline_(timeline),
        jobs_(graph, timeline),
        producers_(graph.workload().operators().size()),
        last_reader_(producers_.size(), OperatorId::none) {}

  std::vector<EdgeTraffic> edges() {
    for (const OperatorId consumer : graph_.mapped()) {
      for (const OperatorId producer : read_by(consumer)) {
        last_reader_[producer] = consumer;
      }
    }
    std::vector<EdgeTraffic> result;
    for (const OperatorId consumer : graph_.mapped()) {
      const std::vector<OperatorId> producers = read_by(consumer);
      collect(consumer, producers);
      for (const OperatorId producer : producers) {
        add_edge(producer, consumer, result);
        producers_[producer].needs.clear();
        if (last_reader_[producer] == consumer) {
          producers_[producer] = {};
        }
      }
    }
    std::sort(result.begin(), result.end(), [](const EdgeTraffic& a, const EdgeTraffic& b) {
      return std::tie(a.producer, a.consumer) < std::tie(b.producer, b.consumer);
    });
    return result;
  }

 private:
  // A region, and the end of the last job that reads it.
  struct Read {
    Source source;
    std::int64_t until_ps = 0;
  };
  // From the first consumer that reads it to the last one.
  struct Producer {
    std::optional<OutputBoxes> boxes;
    std::vector<Need> needs;   // per box, of the consumer being collected
    std::vector<Read> recent;  // by that consumer, and not told to the boxes yet
  };

  std::vector<OperatorId> read_by(OperatorId consumer) {
    sources_.clear();
    graph_.trace(consumer, graph_.workload().at(consumer).bounds.whole(), scratch_, sources_);
    std::vector<OperatorId> producers;
    for (const Source& source : sources_) {
      producers.push_back(source.producer);
    }
    // The first position of a chain, and so the whole of it, waits for no other: the rest do.
    if (graph_.workload().at(consumer).chain) {
      producers.push_back(consumer);
    }
    std::sort(producers.begin(), producers.end());
    producers.erase(std::unique(producers.begin(), producers.end()), producers.end());
    return producers;
  }

  void collect(OperatorId consumer, const std::vector<OperatorId>& producers) {
    const JobRuns jobs(timeline_.jobs.runs_of(consumer));
    runs_evenly(graph_, consumer, jobs) ? read_steps(consumer, jobs) : read_jobs(consumer);
    for (const OperatorId producer : producers) {
      for (const Read& read : std::exchange(producers_[producer].recent, {})) {
        add(read.source, read.until_ps);
      }
    }
    for (const Read& read : reads_) {
      add(read.source, read.until_ps);
    }
    reads_.clear();
    read_.clear();
  }

  void read_jobs(OperatorId consumer) {
    // Cells of a grid that read the same region follow one another.
    const bool repeats = graph_.order(consumer).tile_grid() == nullptr;
    for (std::uint32_t job = jobs_.first(consumer); job < jobs_.last(consumer); ++job) {
      trace(consumer, jobs_.box(job));
      const std::int64_t end_ps = jobs_.at(job).end_ps;
      for (const Source& source : sources_) {
        repeats ? remember(source, end_ps) : go_on(source, end_ps);
      }
    }
  }

  // All jobs of a step end together. Where one of them reads what all of them read together, the
  // others read parts of that, and there is no need to look at them.
  void read_steps(OperatorId consumer, JobRuns jobs) {
    const WorkOrder& order = graph_.order(consumer);
    for (const TimedJob timed : on_first_server(jobs)) {
      trace(consumer, box_of_step(order, timed.step));
      together_.swap(sources_);
      trace(consumer, order.job(timed.step, 0).box);
      const bool first_reads_all = sources_ == together_;
      for (std::int64_t server = 1; !first_reads_all && server < order.server_count(); ++server) {
        remember_all(timed.end_ps);
        trace(consumer, order.job(timed.step, server).box);
      }
      remember_all(timed.end_ps);
    }
  }

  void trace(OperatorId consumer, const DimBox& box) {
    sources_.clear();
    graph_.trace(consumer, box, scratch_, sources_);
    for (Source& source : sources_) {
      source.delay_ps = 0;  // the way takes no space
    }
  }

  void remember_all(std::int64_t end_ps) {
    for (const Source& source : sources_) {
      remember(source, end_ps);
    }
  }

  // The few ways to one producer read a few regions at a time.
  void go_on(const Source& source, std::int64_t end_ps) {
    constexpr std::size_t kWays = 4;
    std::vector<Read>& recent = producers_[source.producer].recent;
    for (Read& read : recent) {
      if (read.source == source) {
        read.until_ps = std::max(read.until_ps, end_ps);
        return;
      }
    }
    if (recent.size() == kWays) {
      add(recent.front().source, recent.front().until_ps);
      recent.erase(recent.begin());
    }
    recent.push_back({source, end_ps});
  }

  // Jobs that need the same region need it until the last of them ends; telling its writers once
  // is what keeps many small jobs affordable.
  void remember(const Source& source, std::int64_t end_ps) {
    const auto [known, is_new] = read_.try_emplace(source, reads_.size());
    if (is_new) {
      reads_.push_back({source, end_ps});
    }
    std::int64_t& until_ps = reads_[known->second].until_ps;
    until_ps = std::max(until_ps, end_ps);
  }

  void add(const Source& source, std::int64_t end_ps) {
    Producer& producer = producers_[source.producer];
    if (!producer.boxes) {
      producer.boxes.emplace(jobs_, source.producer);
    }
    if (producer.needs.empty()) {
      producer.needs.resize(producer.boxes->size());
    }
    producer.boxes->for_each(source.region, [&](std::uint32_t box, const Region& part) {
      producer.needs[box].widen(part, end_ps);
    });
  }

  void add_edge(OperatorId from, OperatorId consumer, std::vector<EdgeTraffic>& result) const {
    const Producer& producer = producers_[from];
    const Workload& workload = graph_.workload();
    const std::int64_t bits_per_element = workload.at(workload.at(from).output).bits_per_element;
    std::vector<Life> lives;
    std::int64_t total_bits = 0;
    for (std::uint32_t box = 0; box < producer.needs.size(); ++box) {
      const Need& need = producer.needs[box];
      if (need.until_ps >= 0 && producer.boxes->opens_space(box)) {
        lives.push_back({producer.boxes->first_end_ps(box), need.until_ps,
                         need.box.elements() * bits_per_element});
        total_bits += lives.back().bits;
      }
    }
    if (!producer.needs.empty()) {
      result.push_back({from, consumer, ceil_div(total_bits, 8), ceil_div(peak_bits(lives), 8)});
    }
  }

  const WorkGraph& graph_;
  const Timeline& timeline_;
  TimelineIndex jobs_;
  IndexVector<OperatorId, Producer> producers_;
  IndexVector<OperatorId, OperatorId> last_reader_;  // per producer
  WorkGraph::Scratch scratch_;
  std::vector<Source> sources_;
  std::vector<Source> together_;  // that the jobs of one step read
  // What one consumer reads, and until when; and where in that list it stands.
  std::vector<Read> reads_;
  std::unordered_map<Source, std::size_t, HashOfSource> read_;
};

}  // namespace

std::vector<EdgeTraffic> live_data(const WorkGraph& graph, const Timeline& timeline) {
  if (timeline.jobs.empty()) {
    return {};
  }
  return LiveData(graph, timeline).edges();
}

}  // namespace imbrex::run
