#include "search/draw_round.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/search/recalled_candidates.hpp>

#include <algorithm>
#include <bit>

namespace imbrex::search {
namespace {

// Places in a pool of mappings.
using Places = std::vector<std::uint32_t>;

}  // namespace

struct RecalledCandidates::Rounds {
  struct Round {
    Random random;
    std::uint32_t candidates = 0;  // bit i: draw i of the round is one that is not kept
    std::uint32_t before = 0;      // of earlier rounds; once `counted`
  };
  // Rankings stay as they are for many rounds.
  struct Ranked {
    std::size_t first_round = 0;
    Places alone;
    Places streaming;
  };

  DrawRound::Kind kind = DrawRound::Kind::uniform;
  const mapspace::MapSpace* space = nullptr;
  std::vector<Round> rounds;
  std::vector<Mapping> pool;
  std::vector<Ranked> ranked;
  std::int64_t changes = -1;
  bool counted = false;

  // Candidates are found when later rounds have begun already, so they are counted at the end.
  void count() {
    std::uint32_t sum = 0;
    for (Round& round : rounds) {
      round.before = sum;
      sum += static_cast<std::uint32_t>(std::popcount(round.candidates));
    }
    counted = true;
  }

  // Most mappings of a ranking were in the one before.
  Places places(const std::vector<RankedMapping>& ranking, const Places& before) {
    Places result;
    for (const RankedMapping& one : ranking) {
      const auto same = [&](std::uint32_t place) { return pool[place] == one.mapping; };
      const auto known = std::find_if(before.begin(), before.end(), same);
      if (known != before.end()) {
        result.push_back(*known);
      } else {
        result.push_back(static_cast<std::uint32_t>(pool.size()));
        pool.push_back(one.mapping);
      }
    }
    return result;
  }

  std::vector<RankedMapping> ranking(const Places& places) const {
    std::vector<RankedMapping> result;
    for (const std::uint32_t place : places) {
      result.push_back({pool[place], 0});
    }
    return result;
  }

  std::vector<Mapping> draws_of(std::size_t number) const {
    Rankings rankings;
    DrawRound round{kind, *space, number, rounds[number].random};
    if (kind == DrawRound::Kind::refined) {
      const auto after = std::upper_bound(
          ranked.begin(), ranked.end(), number,
          [](std::size_t wanted, const Ranked& one) { return wanted < one.first_round; });
      rankings = {ranking((after - 1)->alone), ranking((after - 1)->streaming)};
      round.rankings = &rankings;
    }
    Random unused = round.random;
    return round.mappings(unused);
  }
};

RecalledCandidates::RecalledCandidates(std::size_t kept)
    : most_kept_(kept), rounds_(std::make_unique<Rounds>()) {}
RecalledCandidates::RecalledCandidates(RecalledCandidates&&) noexcept = default;
RecalledCandidates& RecalledCandidates::operator=(RecalledCandidates&&) noexcept = default;
RecalledCandidates::~RecalledCandidates() = default;

void RecalledCandidates::found(const FoundCandidate& candidate) {
  if (size_ == 0 || candidate.objective < best_objective_) {
    best_ = size_;
    best_objective_ = candidate.objective;
  }
  ++size_;
  if (candidate.draw < 0 || kept_.size() < most_kept_) {
    kept_.push_back(candidate.mapping);
    return;
  }
  const auto draw = static_cast<std::size_t>(candidate.draw);
  rounds_->rounds[draw / kRound].candidates |= std::uint32_t{1} << draw % kRound;
  rounds_->counted = false;
}

Mapping RecalledCandidates::mapping(std::size_t i) const {
  if (i < kept_.size()) {
    return kept_[i];
  }
  IMBREX_ASSERT(i < size_ && rounds_->counted);
  const std::size_t wanted = i - kept_.size();
  const auto after = std::upper_bound(
      rounds_->rounds.begin(), rounds_->rounds.end(), wanted,
      [](std::size_t number, const Rounds::Round& round) { return number < round.before; });
  const Rounds::Round& round = *(after - 1);
  std::uint32_t candidates = round.candidates;
  for (std::size_t skip = wanted - round.before; skip > 0; --skip) {
    candidates &= candidates - 1;
  }
  const auto number = static_cast<std::size_t>(after - 1 - rounds_->rounds.begin());
  return rounds_->draws_of(number)[static_cast<std::size_t>(std::countr_zero(candidates))];
}

void RecalledCandidates::finish() {
  rounds_->count();
  rounds_->rounds.shrink_to_fit();
  rounds_->pool.shrink_to_fit();
  rounds_->ranked.shrink_to_fit();
}

void RecalledCandidates::begin_round(const DrawRound& round) {
  Rounds& all = *rounds_;
  all.kind = round.kind;
  all.space = &round.space;
  all.rounds.push_back({round.random, 0, 0});
  if (round.rankings != nullptr && round.changes != all.changes) {
    all.changes = round.changes;
    const Rounds::Ranked before = all.ranked.empty() ? Rounds::Ranked{} : all.ranked.back();
    all.ranked.push_back({round.number, all.places(round.rankings->alone, before.alone),
                          all.places(round.rankings->streaming, before.streaming)});
  }
}

}  // namespace imbrex::search
