// A table that is subscripted by the type of its positions and by no other.
#include <imbrex/values/ids.hpp>

#include <concepts>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

template <typename Table, typename Position>
concept Subscripted = requires(Table& table, Position position) {
  table[position];
};

using PerOperator = IndexVector<OperatorId, int>;
static_assert(Subscripted<PerOperator, OperatorId>);
static_assert(Subscripted<const PerOperator, OperatorId>);
static_assert(!Subscripted<PerOperator, TensorId>);
static_assert(!Subscripted<PerOperator, std::size_t>);
static_assert(!Subscripted<PerOperator, int>);

// A narrower signed position loses nothing; a wider or an unsigned one could.
using PerLink = IndexVector<std::int32_t, int>;
static_assert(Subscripted<PerLink, std::int32_t>);
static_assert(Subscripted<PerLink, std::int16_t>);
static_assert(!Subscripted<PerLink, std::int64_t>);
static_assert(!Subscripted<PerLink, std::uint32_t>);
static_assert(!Subscripted<PerLink, std::size_t>);
static_assert(!Subscripted<PerLink, OperatorId>);
static_assert(Subscripted<IndexVector<std::int64_t, int>, std::int32_t>);

// The layout and the moves are those of the vector.
static_assert(sizeof(PerOperator) == sizeof(std::vector<int>));
static_assert(std::is_nothrow_move_constructible_v<PerOperator>);
static_assert(std::is_nothrow_move_assignable_v<PerOperator>);
static_assert(!std::is_polymorphic_v<PerOperator>);

constexpr int sum_of_a_table() {
  IndexVector<TensorId, int> table(3, 5);
  table[TensorId{1}] = 7;
  return std::accumulate(table.begin(), table.end(), 0);
}
static_assert(sum_of_a_table() == 17);

TEST(IndexVector, EveryIdHasTheEntryThatStandsAtItsPlace) {
  PerOperator table{10, 11, 12};
  table[operator_id(1)] = 21;
  EXPECT_EQ(table, (PerOperator{10, 21, 12}));
  EXPECT_EQ(&table[operator_id(2)], table.data() + 2);
}

TEST(IndexVector, IdsAscendFromTheFirstToTheLast) {
  std::vector<OperatorId> seen;
  for (const OperatorId id : PerOperator(3).ids()) {
    seen.push_back(id);
  }
  EXPECT_EQ(seen, (std::vector{operator_id(0), operator_id(1), operator_id(2)}));
  for (const std::int32_t link : PerLink().ids()) {
    FAIL() << "an empty table has no position " << link;
  }
}

TEST(IndexVector, SignedCountsMakeTablesOfThatSize) {
  const std::int64_t count = 4;
  IndexVector<std::int64_t, std::int32_t> table(count, -1);
  EXPECT_EQ(table, (IndexVector<std::int64_t, std::int32_t>{-1, -1, -1, -1}));
  table.resize(count + 1, 6);
  EXPECT_EQ(table[count], 6);
  table.resize(count - 2);
  EXPECT_EQ(table.size(), 2u);
  table.assign(count - 1, 8);
  EXPECT_EQ(table, (IndexVector<std::int64_t, std::int32_t>{8, 8, 8}));
}

TEST(IndexVector, HoldsWhatCannotBeCopiedAndSingleBits) {
  IndexVector<OperatorId, std::unique_ptr<int>> owners(2u);
  owners[operator_id(1)] = std::make_unique<int>(9);
  EXPECT_EQ(owners[operator_id(0)], nullptr);
  EXPECT_EQ(*owners[operator_id(1)], 9);
  IndexVector<std::int32_t, bool> bits(3, false);
  bits[2] = true;
  EXPECT_EQ(bits, (IndexVector<std::int32_t, bool>{false, false, true}));
}

TEST(IndexVector, PassesAsAVectorAndIsMadeOfOneWithoutACopy) {
  std::vector<int> entries{1, 2, 3};
  const int* const first = entries.data();
  const PerLink table(std::move(entries));
  EXPECT_EQ(table.data(), first);
  const std::span<const int> whole = table;
  EXPECT_EQ(whole.size(), 3u);
  const std::vector<int>& vector = table;
  EXPECT_EQ(vector[2], table[2]);
}

}  // namespace
}  // namespace imbrex
