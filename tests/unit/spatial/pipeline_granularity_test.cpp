// The granularity rule against brute force: specification pipeorgan, section 4.2, section 11 items
// 8 and 9.
#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/spatial/pipeline_granularity.hpp>

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace imbrex {

namespace {

using spatial::Cut;
using spatial::Granularity;
using spatial::TileLoop;
using Order = std::vector<spatial::TileLoop>;

Dim dim_of(char letter) {
  return static_cast<Dim>(std::string_view("NGKCPQRS").find(letter));
}

Order order(std::string_view letters) {
  Order result;
  for (const char letter : letters) {
    result.push_back({dim_of(letter), 1});
  }
  return result;
}

spatial::Cut cut_of(std::int64_t p, std::int64_t q, std::int64_t k) {
  spatial::Cut cut;
  cut.extent[index(Dim::P)] = p;
  cut.extent[index(Dim::Q)] = q;
  cut.extent[index(Dim::K)] = k;
  return cut;
}

// Extents of the brute-force nests: P, Q, K of the tensor, C of the producer, K' of the consumer.
constexpr std::int64_t kP = 3, kQ = 3, kK = 4, kReduction = 2, kOutputs = 2;

struct Point {
  std::size_t word = 0;
  std::int64_t revisit = 0;  // C of the producer, K' of the consumer
};

// All iterations of a nest over P, Q, one name of K and one more loop, in the given order.
std::vector<Point> walk(std::string_view letters, char channels, char other, std::int64_t others) {
  const auto bound = [&](char letter) {
    return letter == 'P' ? kP : (letter == 'Q' ? kQ : (letter == channels ? kK : others));
  };
  std::vector<Point> points;
  std::int64_t at[4];
  const auto index_of = [&](char letter) {
    std::size_t place = 0;
    while (place < 3 && letters[place] != letter) {
      ++place;
    }
    return at[place];
  };
  for (at[0] = 0; at[0] < bound(letters[0]); ++at[0]) {
    for (at[1] = 0; at[1] < bound(letters[1]); ++at[1]) {
      for (at[2] = 0; at[2] < bound(letters[2]); ++at[2]) {
        for (at[3] = 0; at[3] < bound(letters[3]); ++at[3]) {
          points.push_back({static_cast<std::size_t>((index_of('P') * kQ + index_of('Q')) * kK +
                                                     index_of(channels)),
                            index_of(other)});
        }
      }
    }
  }
  return points;
}

// Most words that are live, from the producer's first touch to the consumer's last read, when the
// consumer goes on as soon as it can.
std::int64_t live_words(std::string_view producer, std::string_view consumer) {
  const std::vector<Point> made = walk(producer, 'K', 'C', kReduction);
  const std::vector<Point> used = walk(consumer, 'C', 'K', kOutputs);
  std::vector<std::int64_t> touches(kP * kQ * kK, 0);
  std::vector<std::int64_t> reads(kP * kQ * kK, 0);
  std::int64_t live = 0;
  std::int64_t most = 0;
  std::size_t next = 0;
  for (const Point& point : made) {
    live += touches[point.word]++ == 0 ? 1 : 0;
    most = std::max(most, live);
    while (next < used.size() && touches[used[next].word] == kReduction) {
      live -= ++reads[used[next].word] == kOutputs ? 1 : 0;
      ++next;
    }
  }
  EXPECT_EQ(next, used.size());
  return most;
}

struct TableRow {
  const char* producer;
  const char* consumer;
  const char* fused;
  std::int64_t words, intervals, live;
};

class GranularityTable : public testing::TestWithParam<TableRow> {};

TEST_P(GranularityTable, HoldsForRuleAndBruteForce) {
  const TableRow& row = GetParam();
  const spatial::Granularity got =
      spatial::finest_granularity(cut_of(kP, kQ, kK), order(row.producer), order(row.consumer));
  std::string fused;
  for (const spatial::TileLoop& loop : got.fused) {
    fused += kDimNames[index(loop.dim)];
  }
  EXPECT_EQ(fused, row.fused);
  EXPECT_EQ(got.words, row.words);
  EXPECT_EQ(got.intervals, row.intervals);
  EXPECT_EQ(live_words(row.producer, row.consumer), row.live);
}

INSTANTIATE_TEST_SUITE_P(Section42, GranularityTable,
                         testing::Values(TableRow{"PQKC", "PQCK", "PQK", 1, 36, 1},
                                         TableRow{"PQKC", "PQKC", "PQ", 4, 9, 4},
                                         TableRow{"PCQK", "PQKC", "P", 12, 3, 12},
                                         TableRow{"KPQC", "CPQK", "KPQ", 1, 36, 1},
                                         TableRow{"CPQK", "PQKC", "", 36, 1, 36},
                                         TableRow{"PQKC", "KPQC", "", 36, 1, 36},
                                         TableRow{"QPKC", "PQCK", "", 36, 1, 17}));

TEST(FinestGranularity, BoundsBruteForceOfAllOrders) {
  std::string producer = "CKPQ";
  int pairs = 0, equal = 0, unfused = 0;
  double sum = 0, least = 1;
  do {
    std::string consumer = "CKPQ";
    do {
      const spatial::Granularity rule =
          spatial::finest_granularity(cut_of(kP, kQ, kK), order(producer), order(consumer));
      const std::int64_t live = live_words(producer, consumer);
      EXPECT_LE(live, rule.words) << producer << " | " << consumer;
      const double ratio = static_cast<double>(live) / static_cast<double>(rule.words);
      ++pairs;
      equal += live == rule.words ? 1 : 0;
      unfused += rule.fused.empty() ? 1 : 0;
      sum += ratio;
      least = std::min(least, ratio);
    } while (std::next_permutation(consumer.begin(), consumer.end()));
  } while (std::next_permutation(producer.begin(), producer.end()));
  EXPECT_EQ(pairs, 576);
  EXPECT_EQ(equal, 390);
  EXPECT_EQ(unfused, 468);
  EXPECT_NEAR(sum / pairs, 0.92, 5e-3);
  EXPECT_NEAR(least, 0.47, 5e-3);
}

// OMEGA's rule for a matrix of V x F: element, row, column or sequential, the larger tile counts.
TEST(FinestGranularity, ContainsTheRuleForMatrixProducts) {
  const spatial::Cut cut = cut_of(12, 1, 8);
  const Order rows{{Dim::P, 2}, {Dim::K, 4}, {Dim::C, 1}};
  const Order element = {{Dim::P, 4}, {Dim::C, 2}, {Dim::K, 1}};
  EXPECT_EQ(spatial::finest_granularity(cut, rows, element).words, 4 * 4);
  const Order row = {{Dim::P, 4}, {Dim::K, 1}, {Dim::C, 2}};
  EXPECT_EQ(spatial::finest_granularity(cut, rows, row).words, 4 * 8);
  const Order by_column = {{Dim::K, 2}, {Dim::C, 1}, {Dim::P, 1}};
  const Order column = {{Dim::C, 4}, {Dim::K, 1}, {Dim::P, 1}};
  EXPECT_EQ(spatial::finest_granularity(cut, by_column, column).words, 12 * 4);
  EXPECT_EQ(spatial::finest_granularity(cut, rows, column).intervals, 1);
}

TEST(FinestGranularity, MapsRowsThroughStrides) {
  spatial::Cut cut = cut_of(12, 10, 4);
  cut.stride = {2, 1};
  const spatial::Granularity got = spatial::finest_granularity(cut, order("PKCQ"), order("PKCQ"));
  ASSERT_EQ(got.fused.size(), 1U);
  EXPECT_EQ(got.fused[0].tile, 2);
  EXPECT_EQ(got.intervals, 6);
  EXPECT_EQ(got.words, 2 * 10 * 4);
}

TEST(FinestGranularity, CoversTheTensorExactlyWhenTilesDivide) {
  Random random(7, 0);
  for (int round = 0; round < 500; ++round) {
    const spatial::Cut cut =
        cut_of(random.between(1, 12), random.between(1, 12), random.between(1, 12));
    Order producer = order("PQKC");
    Order consumer = order("PQCK");
    bool divide = true;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::int64_t extent = cut.extent[index(producer[i].dim)];
      producer[i].tile = consumer[i].tile = random.between(1, extent);
      divide = divide && extent % producer[i].tile == 0;
    }
    const spatial::Granularity got = spatial::finest_granularity(cut, producer, consumer);
    const std::int64_t tensor =
        cut.extent[index(Dim::P)] * cut.extent[index(Dim::Q)] * cut.extent[index(Dim::K)];
    EXPECT_GE(got.words * got.intervals, tensor) << round;
    EXPECT_EQ(got.words * got.intervals == tensor, divide) << round;
  }
}

TEST(CommonPrefix, IntersectsCutsAndMapsTilesUpstream) {
  const Order first{{Dim::P, 2}, {Dim::Q, 3}, {Dim::K, 4}};
  const Order second{{Dim::P, 3}, {Dim::Q, 1}};
  const spatial::CutTiles cuts[] = {{first, {1, 1}}, {second, {2, 2}}};
  const auto prefix = spatial::common_prefix(cuts);
  ASSERT_EQ(prefix.size(), 2U);
  EXPECT_EQ(prefix[0].tile, 6);  // 2 rows here, 3 rows of two there
  EXPECT_EQ(prefix[1].tile, 6);
  const Order other{{Dim::K, 1}};
  const spatial::CutTiles apart[] = {{first, {1, 1}}, {other, {1, 1}}};
  EXPECT_TRUE(spatial::common_prefix(apart).empty());
}

// Smallest lag for which every window finds its rows, by trying.
std::int64_t halo_by_trying(std::int64_t kernel, std::int64_t stride, std::int64_t pad,
                            std::int64_t consumer_tile) {
  const std::int64_t tile = stride * consumer_tile;
  for (std::int64_t lag = 0;; ++lag) {
    bool enough = true;
    for (std::int64_t t = 0; t < 20; ++t) {
      const std::int64_t last_row = ((t + 1) * consumer_tile - 1) * stride + kernel - 1 - pad;
      enough = enough && last_row < (t + lag + 1) * tile;
    }
    if (enough) {
      return lag;
    }
  }
}

TEST(HaloIntervals, AreTheSmallestLagThatWorks) {
  for (std::int64_t kernel = 1; kernel <= 7; ++kernel) {
    for (std::int64_t stride = 1; stride <= 3; ++stride) {
      for (std::int64_t pad = 0; pad < kernel; ++pad) {
        for (std::int64_t tile = 1; tile <= 5; ++tile) {
          EXPECT_EQ(spatial::halo_intervals(kernel, stride, pad, stride * tile),
                    halo_by_trying(kernel, stride, pad, tile))
              << kernel << " " << stride << " " << pad << " " << tile;
        }
      }
    }
  }
}

TEST(LineBuffer, HoldsTwoRowsOfRitNet) {
  EXPECT_EQ(spatial::line_buffer_words(3, 1, 100, 32), 6400);
  EXPECT_EQ(spatial::line_buffer_words(1, 1, 100, 32), 0);
  EXPECT_EQ(spatial::line_buffer_words(1, 2, 100, 32), 0);
  EXPECT_EQ(spatial::cut_buffer_words(32, 6400, 2, 50), 64 + 6400 + 100);
}

}  // namespace

}  // namespace imbrex
