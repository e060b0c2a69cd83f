#include "network.hpp"

#include <algorithm>

namespace imbrex::simulator {

Network::Network(const Ways& ways, std::span<const double> job_share, const ElementLinks& rates,
                 std::size_t links)
    : ways_(ways),
      job_share_(job_share),
      words_per_ps_(rates.words_per_ps),
      hop_ps_(rates.hop_ps),
      word_ps_(service_ps(1)),
      free_ps_(links, 0),
      busy_ps_(links, 0),
      missing_(ways.deliveries(), 0),
      latest_ps_(ways.deliveries(), 0) {
  for (Index channel = 0; channel < ways.channels().size(); ++channel) {
    way_channel_.resize(ways.channels()[channel].end_way, channel);
  }
}

// Sums of words that miss a whole number of picoseconds only by the rounding of doubles are it.
std::int64_t Network::service_ps(double words) const noexcept {
  if (words_per_ps_ <= 0) {
    return 0;
  }
  const double ps = words / words_per_ps_;
  const auto below = static_cast<std::int64_t>(ps);
  return ps - static_cast<double>(below) <= 1e-9 * ps ? below : below + 1;
}

std::int64_t Network::crossing_ps(std::int64_t service_ps) const noexcept {
  return service_ps + std::max<std::int64_t>(0, hop_ps_ - std::min(service_ps, word_ps_));
}

void Network::send(Index channel, Index job) {
  sent_.emplace_back(channel, job);
}

void Network::advance(std::int64_t now_ps) {
  while (heads_.next_ps() == now_ps) {
    heads_.take([&](std::uint64_t head) {
      pass(now_ps, static_cast<Index>(head >> 32), static_cast<Index>(head));
    });
  }
}

void Network::release(std::int64_t now_ps) {
  std::sort(sent_.begin(), sent_.end());
  for (auto first = sent_.begin(); first != sent_.end();) {
    const Channel& channel = ways_.channels()[first->first];
    const auto last = std::find_if(first, sent_.end(),
                                   [&](const auto& one) { return one.first != first->first; });
    for (auto one = first; one != last; ++one) {
      const Index delivery = channel.first_delivery + one->second - channel.first_job;
      latest_ps_[delivery] = now_ps;
      missing_[delivery] = job_share_[one->second] > 0 ? channel.ends : 0;
      if (missing_[delivery] == 0) {
        delivered_.push_back({delivery, now_ps});
      }
    }
    for (Index way = channel.first_way; way < channel.end_way; ++way) {
      for (auto one = first; one != last && ways_.ways()[way].first != kNone; ++one) {
        if (job_share_[one->second] > 0) {
          ++packets_;
          for (Index step = ways_.ways()[way].first; step != kNone;
               step = ways_.steps()[step].sibling) {
            pass(now_ps, step, one->second);
          }
        }
      }
    }
    first = last;
  }
  sent_.clear();
}

void Network::pass(std::int64_t time_ps, Index number, Index job) {
  const Step& step = ways_.steps()[number];
  const auto link = static_cast<std::size_t>(step.link);
  const std::int64_t service = service_ps(ways_.ways()[step.way].words * job_share_[job]);
  const std::int64_t start = std::max(time_ps, free_ps_[link]);
  free_ps_[link] = start + service;
  busy_ps_[link] += service;
  ++crossings_;
  if (step.child == kNone) {
    const Channel& channel = ways_.channels()[way_channel_[step.way]];
    arrive(channel.first_delivery + job - channel.first_job, start + crossing_ps(service));
    return;
  }
  for (Index child = step.child; child != kNone; child = ways_.steps()[child].sibling) {
    const bool stored = ways_.steps()[child].stored;
    heads_.push(start + (stored ? crossing_ps(service) : hop_ps_),
                (std::uint64_t{child} << 32) | job);
  }
}

void Network::arrive(Index delivery, std::int64_t time_ps) {
  latest_ps_[delivery] = std::max(latest_ps_[delivery], time_ps);
  if (--missing_[delivery] == 0) {
    delivered_.push_back({delivery, latest_ps_[delivery]});
  }
}

}  // namespace imbrex::simulator
