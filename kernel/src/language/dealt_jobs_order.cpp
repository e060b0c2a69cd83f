#include "language/orders.hpp"

#include <imbrex/plugin/error.hpp>

#include <utility>

#include <fmt/format.h>

namespace imbrex {
namespace {

// Where every job of an order stands in one list, server by server.
IndexVector<std::int64_t, std::int64_t> first_jobs(const WorkOrder& order) {
  IndexVector<std::int64_t, std::int64_t> first{0};
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    first.push_back(first.back() + order.step_count(server));
  }
  return first;
}

std::string offsets_fault(const WorkOrder& order, const DealtOrder& dealt) {
  const std::vector<std::int64_t>& first = dealt.first_job;
  if (static_cast<std::int64_t>(first.size()) != order.server_count() + 1) {
    return fmt::format("it deals to {} servers, the mapping has {}",
                       first.empty() ? 0 : first.size() - 1, order.server_count());
  }
  bool ascending = first.front() == 0;
  for (std::size_t server = 1; server < first.size(); ++server) {
    ascending = ascending && first[server - 1] <= first[server];
  }
  if (!ascending || first.back() != static_cast<std::int64_t>(dealt.jobs.size())) {
    return "the positions of its servers' first jobs do not ascend from 0 to its number of jobs";
  }
  return {};
}

bool exists(const WorkOrder& order, const DealtJob& job) noexcept {
  return job.server >= 0 && job.server < order.server_count() && job.step >= 0 &&
         job.step < order.step_count(job.server);
}

}  // namespace

std::string dealing_fault(const WorkOrder& order, const DealtOrder& dealt) {
  if (std::string fault = offsets_fault(order, dealt); !fault.empty()) {
    return fault;
  }
  const IndexVector<std::int64_t, std::int64_t> first = first_jobs(order);
  IndexVector<std::int64_t, bool> seen(first.back(), false);
  for (const DealtJob& job : dealt.jobs) {
    if (!exists(order, job)) {
      return fmt::format("it deals step {} of server {}, which the mapping does not have", job.step,
                         job.server);
    }
    if (job.move_ps < 0 || job.merge_ps < 0 || job.move_ps >= kTimeLimitPs ||
        job.merge_ps >= kTimeLimitPs) {
      return fmt::format(
          "moving step {} of server {} takes {} ps and merging {} ps; both must be "
          "from 0 to below 2^53",
          job.step, job.server, job.move_ps, job.merge_ps);
    }
    auto mark = seen[first[job.server] + job.step];
    if (mark || order.job(job.step, job.server).box.empty()) {
      return fmt::format("it deals step {} of server {} {}", job.step, job.server,
                         mark ? "twice" : "which has no work");
    }
    mark = true;
  }
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    for (std::int64_t step = 0; step < order.step_count(server); ++step) {
      if (!seen[first[server] + step] && !order.job(step, server).box.empty()) {
        return fmt::format("it leaves out step {} of server {}", step, server);
      }
    }
  }
  return {};
}

std::unique_ptr<const WorkOrder> make_dealt_order(const Operator& op,
                                                  std::unique_ptr<const WorkOrder> order,
                                                  std::shared_ptr<const DealtOrder> dealt) {
  if (const std::string fault = dealing_fault(*order, *dealt); !fault.empty()) {
    throw InputError(
        fmt::format("operator '{}': its jobs cannot be dealt anew: {}", op.name, fault));
  }
  return std::make_unique<DealtJobsOrder>(std::move(order), std::move(dealt));
}

DealtJobsOrder::DealtJobsOrder(std::unique_ptr<const WorkOrder> order,
                               std::shared_ptr<const DealtOrder> dealt)
    : order_(std::move(order)), dealt_(std::move(dealt)) {}

std::int64_t DealtJobsOrder::step_count(std::int64_t server) const noexcept {
  const auto s = static_cast<std::size_t>(server);
  return dealt_->first_job[s + 1] - dealt_->first_job[s];
}

Job DealtJobsOrder::job(std::int64_t step, std::int64_t server) const noexcept {
  const std::int64_t position = dealt_->first_job[static_cast<std::size_t>(server)] + step;
  const DealtJob& dealt = dealt_->jobs[static_cast<std::size_t>(position)];
  Job job = order_->job(dealt.step, dealt.server);
  job.duration_ps += dealt.move_ps;
  job.completion_ps = dealt.merge_ps;
  return job;
}

}  // namespace imbrex
