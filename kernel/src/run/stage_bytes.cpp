#include "run/stage_bytes.hpp"

#include "base/files.hpp"

#include <imbrex/values/segments.hpp>

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <utility>

namespace imbrex::run {
namespace {

[[noreturn]] void fail(const char* what) {
  throw Error(ErrorCode::failed, what);
}

// The end of the slice "conv5[0:128]" of layer "conv5"; 0: it is none.
std::int64_t end_of_slice(std::string_view name, std::string_view layer) {
  const std::size_t colon = name.rfind(':');
  if (!name.starts_with(layer) || !name.substr(layer.size()).starts_with('[') ||
      !name.ends_with(']') || colon == std::string_view::npos || colon < layer.size()) {
    return 0;
  }
  std::int64_t end = 0;
  std::from_chars(name.data() + colon + 1, name.data() + name.size() - 1, end);
  return end;
}

// Where the layers of `before` were cut. Slices follow one another and stand for their layer.
std::vector<ChannelCuts> cuts_between(const Workload& before, const Workload& after) {
  std::vector<ChannelCuts> all;
  std::size_t at = 0;
  const std::size_t count = after.operators().size();
  for (std::size_t i = 0; i < before.operators().size() && at < count; ++i) {
    const std::string& layer = before.at(operator_id(i)).name;
    ChannelCuts cuts{operator_id(i), {}};
    for (; at < count && after.at(operator_id(at)).name != layer; ++at) {
      cuts.cuts.push_back(end_of_slice(after.at(operator_id(at)).name, layer));
    }
    ++at;  // the layer itself, or the concatenation that bears its name
    if (!cuts.cuts.empty()) {
      cuts.cuts.pop_back();  // the last slice ends where the layer does
      all.push_back(std::move(cuts));
    }
  }
  return all;
}

void add_workload(ByteWriter& out, const Workload& workload, const Workload& before) {
  out.add(&workload == &before);
  if (&workload == &before) {
    return;
  }
  const std::vector<ChannelCuts> all = cuts_between(before, workload);
  out.add(static_cast<std::uint64_t>(all.size()));
  for (const ChannelCuts& cuts : all) {
    out.add(cuts.op);
    out.add_all(cuts.cuts);
  }
  out.add(sha256_hex(workload.canonical_text()));
}

// The digest decides: whatever else a stage made of the workload is refused.
std::shared_ptr<const Workload> take_workload(ByteReader& in, const Design& before) {
  if (in.take<bool>()) {
    return before.shared_workload();
  }
  std::vector<ChannelCuts> all;
  for (std::uint64_t left = in.take_count(); left > 0; --left) {
    ChannelCuts& cuts = all.emplace_back();
    cuts.op = in.take<OperatorId>();
    cuts.cuts = in.take_all<std::int64_t>();
  }
  const std::string digest = in.take_text();
  std::shared_ptr<const Workload> workload;
  try {
    workload = std::make_shared<const Workload>(split_channels(before.workload(), all).workload);
  } catch (const InputError&) {
    // No such cuts.
  }
  if (workload == nullptr || sha256_hex(workload->canonical_text()) != digest) {
    fail(
        "left a workload that is no split of the one it was given, which cannot come back from a "
        "process of its own; run it without --isolate");
  }
  return workload;
}

void add_dealt_order(ByteWriter& out, const DealtOrder* order) {
  out.add(order != nullptr);
  if (order != nullptr) {
    out.add(order->mapping);
    out.add_all(order->jobs);
    out.add_all(order->first_job);
  }
}

std::shared_ptr<const DealtOrder> take_dealt_order(ByteReader& in) {
  if (!in.take<bool>()) {
    return nullptr;
  }
  auto order = std::make_shared<DealtOrder>();
  order->mapping = in.take<Mapping>();
  order->jobs = in.take_all<DealtJob>();
  order->first_job = in.take_all<std::int64_t>();
  return order;
}

void add_floor_plan(ByteWriter& out, const FloorPlan& plan) {
  out.add(plan.segment);
  out.add_all(plan.stages);
  const SpatialLayout& layout = plan.layout;
  out.add(layout.kind);
  for (const std::int32_t number :
       {layout.rows, layout.columns, layout.stages, layout.cell_rows, layout.cell_columns}) {
    out.add(number);
  }
  out.add_all(layout.stage_of);
  out.add_all(plan.hand_overs);
}

FloorPlan take_floor_plan(ByteReader& in) {
  FloorPlan plan;
  plan.segment = in.take<std::int32_t>();
  plan.stages = in.take_all<OperatorId>();
  SpatialLayout& layout = plan.layout;
  layout.kind = in.take<LayoutKind>();
  for (std::int32_t* const number :
       {&layout.rows, &layout.columns, &layout.stages, &layout.cell_rows, &layout.cell_columns}) {
    *number = in.take<std::int32_t>();
  }
  layout.stage_of = IndexVector<std::int64_t, std::int16_t>(in.take_all<std::int16_t>());
  plan.hand_overs = in.take_all<HandOver>();
  return plan;
}

void require_operator(OperatorId id, std::size_t operators) {
  if (index(id) >= operators) {
    fail("a child process left times of an operator that does not exist");
  }
}

}  // namespace

void add_design(ByteWriter& out, const Design& design, const Workload& before) {
  add_workload(out, design.workload(), before);
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    const OperatorId id = operator_id(i);
    out.add(design.placement(id));
    out.add(design.mapping(id).has_value());
    out.add(design.mapping(id).value_or(Mapping{}));
    add_dealt_order(out, design.dealt_order(id).get());
  }
  out.add(static_cast<std::uint64_t>(design.floor_plans().size()));
  for (const FloorPlan& plan : design.floor_plans()) {
    add_floor_plan(out, plan);
  }
}

Design take_design(ByteReader& in, const Design& before) {
  Design design(take_workload(in, before));
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    const OperatorId id = operator_id(i);
    design.placement(id) = in.take<Placement>();
    const bool is_mapped = in.take<bool>();
    const auto mapping = in.take<Mapping>();
    if (is_mapped) {
      design.mapping(id) = mapping;
    }
    if (auto order = take_dealt_order(in)) {
      design.set_dealt_order(id, std::move(order));
    }
  }
  FloorPlans plans;
  for (std::uint64_t left = in.take_count(); left > 0; --left) {
    plans.push_back(take_floor_plan(in));
  }
  if (!plans.empty()) {
    design.set_floor_plans(std::move(plans));
  }
  return design;
}

void add_facts(ByteWriter& out, const std::vector<Fact>& facts) {
  out.add(static_cast<std::uint64_t>(facts.size()));
  for (const auto& [name, value] : facts) {
    out.add(name);
    out.add(static_cast<std::uint8_t>(value.index()));
    std::visit([&](const auto& one) { out.add(one); }, value);
  }
}

std::vector<Fact> take_facts(ByteReader& in) {
  std::vector<Fact> facts;
  for (std::uint64_t left = in.take_count(); left > 0; --left) {
    Fact& fact = facts.emplace_back();
    fact.first = in.take_text();
    const auto kind = in.take<std::uint8_t>();
    if (kind == 0) {
      fact.second = in.take<std::int64_t>();
    } else if (kind == 1) {
      fact.second = in.take<double>();
    } else {
      fact.second = in.take_text();
    }
  }
  return facts;
}

void add_analysis(ByteWriter& out, const Analysis& analysis) {
  const Timeline& timeline = analysis.timeline;
  out.add(timeline.makespan_ps);
  out.add_all(timeline.operators);
  const auto runs = timeline.jobs.runs();
  out.add_all(std::vector<JobRun>(runs.begin(), runs.end()));
  out.add_all(timeline.segments);
  add_facts(out, analysis.facts);
  out.add(analysis.exactness);
  out.add_all(analysis.exactness_reasons);
}

Analysis take_analysis(ByteReader& in, std::size_t operators) {
  Analysis analysis;
  Timeline& timeline = analysis.timeline;
  timeline.makespan_ps = in.take<std::int64_t>();
  timeline.operators = in.take_all<OperatorTimes>();
  for (const OperatorTimes& times : timeline.operators) {
    require_operator(times.id, operators);
  }
  for (const JobRun& run : in.take_all<JobRun>()) {
    require_operator(run.first.id, operators);
    timeline.jobs.add(run);
  }
  timeline.segments = in.take_all<SegmentTimes>();
  analysis.facts = take_facts(in);
  analysis.exactness = in.take<Exactness>();
  analysis.exactness_reasons = in.take_all<std::string>();
  return analysis;
}

}  // namespace imbrex::run
