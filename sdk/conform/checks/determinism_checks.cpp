// Same plan, same bytes: whatever the threads, whoever was made before.
#include "checks.hpp"
#include "examination.hpp"
#include "stand.hpp"
#include "transcript.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <memory>
#include <vector>

#include <fmt/format.h>

namespace imbrex::conform {
namespace {

constexpr std::string_view kAnswers[] = {"errors/ordinary-networks-are-answered"};
constexpr std::string_view kTwice[] = {"errors/ordinary-networks-are-answered",
                                       "determinism/same-seed-same-answers"};

std::string first_difference(const std::string& one, const std::string& other) {
  const auto line_at = [](const std::string& text, std::size_t at) {
    const std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    return text.substr(begin, std::min(text.find('\n', at), begin + 160) - begin);
  };
  const auto ends = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
  const auto at = static_cast<std::size_t>(ends.first - one.begin());
  return fmt::format("first:  {}\nsecond: {}", line_at(one, at), line_at(other, at));
}

void require_equal(const std::string& one, const std::string& other, std::string_view what) {
  require(one == other, [&] {
    return fmt::format("{} it answers differently\n{}", what, first_difference(one, other));
  });
}

// Where the subject is asked.
struct Place {
  const Setting& setting;
  problems::Network network;
};

Place place_of(Examination& examination) {
  const auto services = examination.services();
  const Stand stand = first_stand(examination, *services);
  return {stand.setting(), stand.network()};
}

std::string told(Examination& examination, const Place& place, int threads) {
  const auto services = examination.services(threads);
  const Stand stand(place.setting, place.network, *services);
  return transcript(stand, *services, examination.seed());
}

// Memory in another state than before, so that whoever orders by addresses does it differently.
std::vector<std::unique_ptr<char[]>> stir_memory() {
  std::vector<std::unique_ptr<char[]>> kept;
  for (std::size_t i = 1; i < 400; ++i) {
    auto some = std::make_unique<char[]>((i * 37) % 997 + 1);
    if (i % 3 != 0) {
      kept.push_back(std::move(some));
    }
  }
  return kept;
}

void same_seed(Examination& examination) {
  const Place place = place_of(examination);
  const std::string first = told(examination, place, 1);
  const auto stirred = stir_memory();
  require_equal(first, told(examination, place, 1), "asked again with the same seed");
}

void any_threads(Examination& examination) {
  const Place place = place_of(examination);
  const std::string one = told(examination, place, 1);
  for (const int threads : {2, 4}) {
    require_equal(one, told(examination, place, threads),
                  fmt::format("on {} threads instead of 1", threads));
  }
}

// What one instance learns must not reach another.
void instances_do_not_meet(Examination& examination) {
  const Place place = place_of(examination);
  const std::string alone = told(examination, place, 1);
  for (std::uint64_t number = 1; number <= 3; ++number) {
    try {
      told(examination, {place.setting, problems::random_network(examination.seed(), number)}, 1);
    } catch (const Error& error) {
      if (!is_refusal(error)) {
        throw;
      }  // else a network that nothing was made for
    }
  }
  require_equal(alone, told(examination, place, 1),
                "after another instance has worked on other networks");
}

constexpr Check kChecks[] = {
    {"determinism/same-seed-same-answers", "Asked twice with the same seed it answers the same.",
     kEveryKind, same_seed, kAnswers, true},
    {"determinism/any-number-of-threads", "It answers the same on 1, 2 and 4 threads.", kEveryKind,
     any_threads, kTwice, true},
    {"determinism/instances-do-not-meet",
     "It answers the same whatever other instances have done before.", kEveryKind,
     instances_do_not_meet, kTwice, true},
};

}  // namespace

std::span<const Check> determinism_checks() {
  return kChecks;
}

}  // namespace imbrex::conform
