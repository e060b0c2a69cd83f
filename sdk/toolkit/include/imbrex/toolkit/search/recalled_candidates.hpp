// Candidates of a layer that are made again when somebody asks for them: kept, a million of them
// would take 600 megabytes per layer.
#pragma once

#include <imbrex/toolkit/search/candidates.hpp>

#include <memory>
#include <vector>

namespace imbrex::search {

// Remembers how the draws came about, and which of them are candidates: about two bytes for each.
// [one thread]
class RecalledCandidates final : public CandidateSink {
 public:
  static constexpr std::size_t kKept = 1024;

  // The first `kept` are kept as they are.
  explicit RecalledCandidates(std::size_t kept = kKept);
  RecalledCandidates(RecalledCandidates&&) noexcept;
  RecalledCandidates& operator=(RecalledCandidates&&) noexcept;
  ~RecalledCandidates() override;

  void found(const FoundCandidate& candidate) override;
  void begin_round(const DrawRound& round) override;
  void finish() override;

  std::size_t size() const noexcept { return size_; }
  std::size_t best() const noexcept { return best_; }  // as LayerCandidates; size() > 0
  // i < size(), after `finish`. The map space must still exist. O(1) for those that are kept,
  // otherwise a round of draws.
  Mapping mapping(std::size_t i) const;

 private:
  struct Rounds;

  std::size_t most_kept_;
  std::size_t size_ = 0;
  std::size_t best_ = 0;
  double best_objective_ = 0;
  std::vector<Mapping> kept_;
  std::unique_ptr<Rounds> rounds_;
};

}  // namespace imbrex::search
