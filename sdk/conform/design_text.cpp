#include "transcript.hpp"

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

std::string text_of(const Placement& placement) {
  return fmt::format("segment {} copies {} units {} dealing {} first {}", placement.segment,
                     placement.copies, placement.units, index(placement.dealing),
                     placement.first_unit);
}

std::string text_of(const DealtOrder& order) {
  std::string text = "dealt " + conform::text_of(order.mapping);
  for (const DealtJob& job : order.jobs) {
    text += fmt::format(" {}/{}+{}+{}", job.step, job.server, job.move_ps, job.merge_ps);
  }
  for (const std::int64_t first : order.first_job) {
    text += fmt::format(" {}", first);
  }
  return text;
}

std::string text_of(const FloorPlan& plan) {
  std::string text = fmt::format("plan of segment {}: {}x{} stages", plan.segment, plan.layout.rows,
                                 plan.layout.columns);
  for (const std::int16_t stage : plan.layout.stage_of) {
    text += fmt::format(" {}", stage);
  }
  for (const HandOver& one : plan.hand_overs) {
    text += fmt::format(" {}>{}:{}", static_cast<int>(one.producer), static_cast<int>(one.consumer),
                        one.words);
  }
  return text + "\n";
}

}  // namespace

std::string text_of(const Mapping& mapping) {
  std::string text;
  for (const Loop& loop : mapping.all_loops()) {
    text += fmt::format("{}{}{}@{} ", kDimNames[index(loop.dim)],
                        loop.kind == LoopKind::spatial ? "s" : "t", loop.bound, loop.level);
  }
  text += fmt::format("outer {} job", mapping.outer);
  for (const std::int64_t extent : mapping.job_extent) {
    text += fmt::format(" {}", extent);
  }
  return text;
}

std::string text_of(const Fact& fact) {
  return fact.first +
         std::visit([](const auto& value) { return fmt::format(" = {}\n", value); }, fact.second);
}

std::string text_of(const Design& design) {
  std::string text;
  for (std::size_t i = 0; i < design.workload().operators().size(); ++i) {
    const OperatorId op = operator_id(i);
    text += fmt::format("{}: {}", design.workload().at(op).name, text_of(design.placement(op)));
    if (design.mapping(op)) {
      text += ", " + text_of(*design.mapping(op));
    }
    if (design.dealt_order(op)) {
      text += ", " + text_of(*design.dealt_order(op));
    }
    text += "\n";
  }
  for (const FloorPlan& plan : design.floor_plans()) {
    text += text_of(plan);
  }
  return text;
}

}  // namespace imbrex::conform
