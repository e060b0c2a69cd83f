// What the jobs of one consumer read of a tensor, axis by axis, and what of their regions they do
// not read (`reading_holes`).
#pragma once

#include <imbrex/values/work_graph.hpp>

#include <array>
#include <string>
#include <vector>

namespace imbrex::run {

enum class Gap : std::uint8_t { none, dilation, stride, groups, movement };
struct Reason {
  Gap gap = Gap::none;
  OperatorId op = OperatorId::none;
  // Coordinates that are read are at most so far apart: an axis that is shorter may lie between two
  // of them, and then nothing of it is read.
  std::int64_t distance = 0;
  friend bool operator==(const Reason&, const Reason&) = default;
};

struct AxisReading {
  bool is_single = true;  // one coordinate per job
  bool is_whole = true;   // every job reads from the first coordinate of the axis to the last
  Reason hole;
  friend bool operator==(const AxisReading&, const AxisReading&) = default;
};

struct Reading {
  std::array<AxisReading, kMaxRank> axis{};
  std::vector<OperatorId> inexact;  // whose maps say that they are conservative
  std::vector<Reason> in_vain;      // regions that may hold nothing that is read

  void merge(const Reading& other);
  friend bool operator==(const Reading&, const Reading&) = default;
};

// The words for a person: "dilation in conv5", "resize up2".
std::string text(const Reason& reason, const Workload& workload);

// The jobs of a mapped operator do not cover the dimension as a whole.
bool cuts(const WorkGraph& graph, OperatorId id, Dim dim);

// What the jobs of a mapped operator read of one of its operands.
Reading reading_of_operand(const WorkGraph& graph, OperatorId id, std::size_t input);

// What is read of an operand of a movement operator when this is read of its result. O(rank), plus
// a period of fractional strides.
Reading through(const Operator& op, OperatorId id, const BackwardMap& map, const Reading& output);

}  // namespace imbrex::run
