// How far a run is: what the kernel knows by itself, what a component says of its own work, and
// both as one line for people.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace imbrex::plugin {

// A stage of a chain, as it begins.
struct StagePlace {
  std::size_t number = 0;  // from 1; 0: no stage runs
  std::size_t count = 0;
  bool is_baseline = false;
  std::uint64_t seed = 0;
  std::string objective;
  std::string component;  // id
};

struct Progress {
  StagePlace stage;
  std::uint64_t seeds_before = 0;  // of a study of several seeds: how many are over
  std::uint64_t seeds = 0;         // 0: no such study
  double elapsed_s = 0;            // since the stage began
  std::optional<double> fraction;  // that the component says, in [0, 1]
  std::string what;                // likewise: "120 of 1000 designs"
  std::int64_t evaluations = 0;    // of the stage
  std::optional<double> best;      // objective of the best design so far, of the stage

  // Evaluations; none before there is something to divide by.
  std::optional<double> per_second() const noexcept;
  // Of the stage, when it goes on like this; none while that would be a guess.
  std::optional<double> left_s() const noexcept;
};

// What a stage has scored so far; written where designs are scored, read where lines are drawn.
// [any thread]
class ScoreBoard {
 public:
  void clear() noexcept;
  void add(std::int64_t evaluations) noexcept { evaluations_.fetch_add(evaluations); }
  void set_best(double objective) noexcept;
  std::int64_t evaluations() const noexcept { return evaluations_.load(); }
  std::optional<double> best() const noexcept;

 private:
  std::atomic<std::int64_t> evaluations_{0};
  std::atomic<bool> has_best_{false};
  std::atomic<double> best_{0};
};

// "7.153 ms": a value of an objective.
std::string objective_text(std::string_view objective, double value);
// "45 s", "3 min", "2.5 h".
std::string rough_duration(double seconds);

// "stage 2 of 3, imbrex.search.anneal: 24 %, 1200 of 5000 designs, 350/s, best 7.153 ms, 11 s
// left". At most `columns` columns (0: any number) where what matters least can be left out for it.
std::string progress_text(const Progress& progress, std::size_t columns);

}  // namespace imbrex::plugin
