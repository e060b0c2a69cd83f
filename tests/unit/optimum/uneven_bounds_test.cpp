// Where factors need not divide: no bound on the way to a mapping is above what the model says of
// it.
#include "optimum/uneven_bounds.hpp"

#include "uneven_questions.hpp"

#include <gtest/gtest.h>

namespace imbrex::optimum {
namespace {

std::uint16_t class_of(const TileClasses& classes, std::int64_t extent) {
  std::uint16_t at = 0;
  while (classes[at].tiles > ceil_div(classes.bound(), extent)) {
    ++at;
  }
  return at;
}

// A mapping as the search decides it.
class Decided {
 public:
  Decided(const ClassParts& parts, const Mapping& mapping) : parts_(parts), mapping_(mapping) {
    for (Extents& share : shares_) {
      share.fill(1);
    }
    for (const Loop& loop : mapping.all_loops()) {
      if (loop.kind == LoopKind::spatial) {
        shares_[loop.level][index(loop.dim)] = loop.bound;
      }
    }
    nest_ = nests::read(mapping, parts.levels());
  }

  ClassSplit split(const Step& step) const {
    ClassSplit split;
    for (std::size_t l = step.to; l-- > step.from;) {
      for (std::size_t d = 0; d < kDimCount; ++d) {
        const TileClasses& classes = parts_.lattice.of(d);
        split.tile[l + 1][d] = class_of(classes, nest_.extent[l + 1][d]);
        const std::uint16_t outer = class_of(classes, nest_.extent[l + 1][d] * shares_[l][d]);
        (l == step.from ? split.rest : split.tile[l])[d] = outer;
        const std::int64_t working = classes[outer].tiles == 1
                                         ? classes.loop(outer, split.tile[l + 1][d]).low
                                         : shares_[l][d];
        split.least_share[l][d] = split.most_share[l][d] = static_cast<std::int32_t>(working);
      }
    }
    return split;
  }

  Ending ending(const Step& step, const ClassInflow& inflow) const {
    Ending ending;
    for (std::size_t i = mapping_.count; i-- > 0;) {
      const Loop& loop = mapping_.loops[i];
      if (loop.level == step.from && loop.kind == LoopKind::temporal &&
          (inflow.loops() >> index(loop.dim) & 1) != 0) {
        ending.dim[ending.count++] = static_cast<std::uint8_t>(index(loop.dim));
      }
    }
    return ending;
  }

 private:
  const ClassParts& parts_;
  const Mapping& mapping_;
  std::array<Extents, kMaxLevels> shares_;
  nests::Nest nest_;
};

void expect_bounded(const ClassParts& parts, const ClassTables& tables, const Mapping& mapping,
                    double value, const std::string& where) {
  const double most = value * (1 + 1e-9);
  const Decided decided(parts, mapping);
  ClassNode node;
  node.tile = parts.lattice.whole();
  node.loads = parts.counter.nothing();
  for (const Step& step : parts.layout.steps) {
    const ClassSplit split = decided.split(step);
    const std::uint32_t code = parts.lattice.code(split.tile[step.to]);
    const double inside = tables.energy_from(node.step, code, node.passing_by_pj);
    ASSERT_LE(parts.worth(node.loads.energy_pj + inside, 0,
                          static_cast<double>(tables.of(node.step).from[code].cycles)),
              most)
        << where << "table of step " << node.step;
    const ClassInflow inflow(parts, tables, node, split);
    ASSERT_LE(inflow.least(), most) << where << "any order of step " << node.step;
    const Ending ending = decided.ending(step, inflow);
    ASSERT_LE(inflow.least(ending), most) << where << "step " << node.step;
    node = inflow.next(ending);
  }
}

TEST(UnevenBounds, AreNeverAboveWhatTheModelSaysOfAnyMapping) {
  const char* const wanted = std::getenv("IMBREX_OPTIMUM_PROBLEMS");
  const std::int64_t problems = wanted != nullptr ? std::atoll(wanted) : 150;
  for (std::int64_t i = 0; i < problems && !testing::Test::HasFailure(); ++i) {
    Random random(29, static_cast<std::uint64_t>(i));
    const auto [question, is_product] = test::uneven_question(random, 20000);
    for (std::size_t o = 0; o < 3; ++o) {
      const auto value = [&](const LayerCost& cost) { return test::value_of(o, cost); };
      const Question asked{question.space->spec(), question.problem, question.hierarchy, value};
      const ClassParts parts(asked);
      const ClassTables tables(parts);
      const auto size = static_cast<std::int64_t>(question.space->size());
      for (std::int64_t m = 0; m < size && !testing::Test::HasFailure(); m += 1 + size / 500) {
        const Mapping mapping = question.space->at(static_cast<mapspace::MapSpace::Index>(m));
        const LayerCost cost = test::cost_of(question, mapping);
        if (cost.verdict == Verdict::feasible) {
          expect_bounded(parts, tables, mapping, value(cost),
                         "problem " + std::to_string(i) + ", objective " + std::to_string(o) +
                             ", mapping " + std::to_string(m) + ", ");
        }
      }
    }
  }
}

}  // namespace
}  // namespace imbrex::optimum
