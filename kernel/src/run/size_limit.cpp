#include "run/size_limit.hpp"

#include <imbrex/values/work_order.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

constexpr std::int64_t kMostJobs = std::int64_t{1} << 62;

std::int64_t bounded_product(std::int64_t a, std::int64_t b) noexcept {
  std::int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? kMostJobs : std::min(product, kMostJobs);
}

std::int64_t bounded_sum(std::int64_t a, std::int64_t b) noexcept {
  return std::min(kMostJobs, a + b);  // neither is above the limit
}

std::int64_t jobs_along(const Mapping& mapping, Dim dim) noexcept {
  std::int64_t count = 1;
  for (const Loop& loop : mapping.outer_loops()) {
    count = loop.dim == dim ? bounded_product(count, loop.bound) : count;
  }
  return count;
}

// "17.2 GB", as sizes of memory are sold.
std::string size_text(std::int64_t bytes) {
  const double size = static_cast<double>(bytes);
  return size < 1e9 ? fmt::format("{:.1f} MB", size / 1e6) : fmt::format("{:.1f} GB", size / 1e9);
}

std::int64_t bytes_for(const Operator& op, const Mapping& mapping, const Placement& placement) {
  std::int64_t bytes = bounded_product(job_count(op, mapping, placement), kBytesPerJob);
  const bool is_nest =
      std::any_of(mapping.outer_loops().begin(), mapping.outer_loops().end(), [](const Loop& loop) {
        return loop.bound > 1 && (loop.kind == LoopKind::spatial || loop.dim == Dim::K ||
                                  loop.dim == Dim::G || loop.dim == Dim::C);
      });
  for (const Dim dim : {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q}) {
    bytes =
        is_nest ? bounded_sum(bytes, bounded_product(op.bounds[dim], kBytesPerPosition)) : bytes;
  }
  return bytes;
}

}  // namespace

std::int64_t job_count(const Operator& op, const Mapping& mapping, const Placement& placement) {
  std::int64_t jobs = 1;
  for (const Loop& loop : mapping.outer_loops()) {
    jobs = bounded_product(jobs, loop.bound);
  }
  if (placement.copies <= 1 || placement.dealing == Dealing::round_robin) {
    return jobs;
  }
  const Dim along = placement.dealing == Dealing::strip_w ? Dim::Q : Dim::P;
  const std::int64_t borders = std::min(placement.copies, op.bounds[along]) - 1;
  return bounded_sum(jobs, bounded_product(jobs / jobs_along(mapping, along), borders));
}

SizeLimit::SizeLimit(const BoundMachine& machine, const JobShape& shape, std::int64_t max_bytes)
    : machine_(machine),
      shape_(shape),
      max_bytes_(max_bytes),
      plain_bytes_(machine.workload().operators().size()) {
  for (std::size_t i = 0; i < machine.workload().operators().size(); ++i) {
    if (machine.cost().demand(operator_id(i)).mappable) {
      mapped_.push_back(operator_id(i));
    }
  }
}

std::int64_t SizeLimit::bytes_of(const Design& design, OperatorId op) const {
  const Operator& what = design.workload().at(op);
  const Placement& placement = design.placement(op);
  if (design.mapping(op)) {
    return bytes_for(what, *design.mapping(op), placement);
  }
  const bool is_plain = placement == Placement{};
  std::atomic<std::int64_t>& known = plain_bytes_[op];
  if (is_plain && known.load(std::memory_order_relaxed) != 0) {
    return known.load(std::memory_order_relaxed);
  }
  const std::int64_t bytes =
      bytes_for(what, machine_.cost().canonical_mapping(op, placement, shape_), placement);
  if (is_plain) {
    known.store(bytes, std::memory_order_relaxed);
  }
  return bytes;
}

void SizeLimit::require(const Design& design, std::string_view where) const {
  if (max_bytes_ == 0) {
    return;
  }
  std::int64_t bytes = 0;
  for (const OperatorId op : mapped_) {
    bytes = bounded_sum(bytes, bytes_of(design, op));
  }
  if (bytes > max_bytes_) {
    refuse(design, where);
  }
}

void SizeLimit::refuse(const Design& design, std::string_view where) const {
  std::int64_t bytes = 0;
  std::int64_t jobs = 0;
  std::int64_t most_jobs = -1;
  OperatorId largest = OperatorId::none;
  for (const OperatorId op : mapped_) {
    const Placement& placement = design.placement(op);
    const std::int64_t of_this =
        job_count(design.workload().at(op),
                  design.mapping(op) ? *design.mapping(op)
                                     : machine_.cost().canonical_mapping(op, placement, shape_),
                  placement);
    bytes = bounded_sum(bytes, bytes_of(design, op));
    jobs = bounded_sum(jobs, of_this);
    if (of_this > most_jobs) {
      most_jobs = of_this;
      largest = op;
    }
  }
  throw InputError(fmt::format(
      "{}: this design has {} jobs, {} of them of operator '{}'; to analyse it takes at least {}, "
      "and {} may be used. Choose a coarser granularity or tiles, a smaller batch, or raise "
      "--max-memory",
      where, jobs, most_jobs, design.workload().at(largest).name, size_text(bytes),
      size_text(max_bytes_)));
}

}  // namespace imbrex::run
