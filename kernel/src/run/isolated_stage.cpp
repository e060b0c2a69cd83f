#include "run/isolated_stage.hpp"

#include "plugin/call_mark.hpp"
#include "plugin/registry.hpp"
#include "run/child_process.hpp"
#include "run/stage_bytes.hpp"

#include <optional>
#include <utility>

namespace imbrex::run {

StageLeft changed_in_child(plugin::HostServices& services, const std::string& where,
                           const Isolation& limits, const Design& before,
                           FunctionRef<StageLeft()> change) {
  const plugin::CallMark mark(where, "a process of its own");
  std::string bytes;
  try {
    bytes = in_child(services, where, limits, [&] {
      const StageLeft left = change();
      ByteWriter out;
      add_design(out, left.design, before.workload());
      add_facts(out, left.facts);
      out.add(left.scored);
      out.add(left.interrupted);
      return out.take();
    });
  } catch (const CancelledError&) {
    StageLeft none{before, {}, false, true};
    none.design.timeline().reset();
    return none;
  }
  std::optional<StageLeft> left;
  plugin::guard(where, "a process of its own", [&] {
    ByteReader in(bytes);
    left.emplace(StageLeft{take_design(in, before), take_facts(in)});
    left->scored = in.take<bool>();
    left->interrupted = in.take<bool>();
  });
  return std::move(*left);
}

Analysis analyzed_in_child(plugin::HostServices& services, const std::string& where,
                           const Isolation& limits, const Design& design,
                           FunctionRef<Analysis()> analyze) {
  const plugin::CallMark mark(where, "a process of its own");
  const std::string bytes = in_child(services, where, limits, [&] {
    ByteWriter out;
    add_analysis(out, analyze());
    return out.take();
  });
  Analysis analysis;
  plugin::guard(where, "a process of its own", [&] {
    ByteReader in(bytes);
    analysis = take_analysis(in, design.workload().operators().size());
  });
  return analysis;
}

}  // namespace imbrex::run
