// What surrounds the jobs of segments: weights on their way to the cores, data on its way from and
// to external memory (specification compass section 8). Both ways of putting segments together add
// phases to a model that has none.
#pragma once

#include "model.hpp"

#include <imbrex/plugin/host.hpp>

namespace imbrex::simulator {

// Per segment of the model, in order.
struct Surroundings {
  const Design* design = nullptr;
  const Architecture* architecture = nullptr;
  const CostModel* cost = nullptr;
  std::vector<SegmentOverhead> overheads;
};

// One segment after another, and nothing else meanwhile: weights are loaded, then written, then the
// jobs run, and beside them what goes to external memory and through the shared buffer, then the
// data of the whole batch moves. What the analyzers assume, event by event.
void add_barriers(Model& model, const Surroundings& surroundings);

// The same work on resources (sections 8.2 to 8.6). External memory, the bus and the shared buffer
// serve one request at a time, in the order of arrival. The weights of an operator are loaded when
// the cores that will hold them have run their last job, then written, cores independently of one
// another. The data of a sample is loaded when the cores of the operators that read it are written
// and all earlier segments have stored that sample; it is stored when all that leaves is made. Bus
// traffic of a sample, and what moves beside the jobs anyway, runs between its load and its store.
void add_resources(Model& model, const Surroundings& surroundings);

// Start, start of work and end of every segment after a run. Segments without barriers may overlap.
struct Clock {
  FunctionRef<std::int64_t(Index batch)> start_ps;
  FunctionRef<std::int64_t(Index batch)> end_ps;
};
SegmentTimes times_of(const Model& model, const SegmentEntry& segment, std::int32_t number,
                      const Clock& clock);

}  // namespace imbrex::simulator
