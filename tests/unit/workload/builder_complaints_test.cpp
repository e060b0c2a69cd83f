// What the builder refuses, and how it says so.
#include "builder_kit.hpp"

#include <imbrex/plugin/error.hpp>

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {

namespace {
using test::conv;
using test::shape;
using test::square;

std::string complaint(const std::function<void(WorkloadBuilder&)>& build) {
  WorkloadBuilder builder("net");
  try {
    build(builder);
    builder.finish();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no complaint";
}

TEST(Complaint, NamesOperatorExpectedAndGiven) {
  EXPECT_EQ(complaint([](WorkloadBuilder& b) {
              b.convolution("c1", b.input("x", shape({1, 6, 8, 8})), conv(8, square(3, 1, 1), 4));
            }),
            "operator 'c1': expected groups that divide the 6 input channels, given 4 groups");
  EXPECT_EQ(complaint([](WorkloadBuilder& b) {
              b.matmul("m", b.input("l", shape({2, 3})), b.input("r", shape({4, 5})));
            }),
            "operator 'm': expected a right operand with 3 rows, given [2, 3] x [4, 5]");
  EXPECT_EQ(complaint([](WorkloadBuilder& b) {
              b.reshape("r", b.input("x", shape({2, 3})), shape({7}));
            }),
            "operator 'r': expected a shape of 6 elements, as in [2, 3], given [7]");
}

TEST(Complaint, CoversNamesAndMissingParts) {
  EXPECT_EQ(complaint([](WorkloadBuilder& b) { b.input("x", shape({1})); }),
            "workload 'net': expected at least one operator, given none");
  EXPECT_EQ(complaint([](WorkloadBuilder& b) {
              b.activation("a", b.activation("a", b.input("x", shape({1}))));
            }),
            "workload 'net': expected operator names that differ, given 'a' more than once");
  EXPECT_NE(complaint([](WorkloadBuilder& b) {
              b.output(b.input("x", shape({1})));
            }).find("expected the result of an operator"),
            std::string::npos);
}

TEST(Complaint, RefusesNetworksWhoseSumsWouldOverflow) {
  const std::string text = complaint([](WorkloadBuilder& b) {
    const TensorId x = b.input("x", shape({1 << 18, 1 << 19}));
    for (int i = 0; i < 20; ++i) {  // 2^56 multiply-accumulates each
      b.dense("d" + std::to_string(i), x, 1 << 19);
    }
  });
  EXPECT_EQ(text,
            "workload 'net': expected at most 2^60 multiply-accumulates in sum, exceeded at "
            "operator 'd16'");
}

TEST(Complaint, RefusesAConcatOfTooMuch) {
  const std::string text = complaint([](WorkloadBuilder& b) {
    const TensorId x = b.input("x", shape({std::int64_t{1} << 48}));
    b.concat("c", std::vector<TensorId>(40'000, x), 0);
  });
  EXPECT_EQ(text,
            "operator 'c': expected a tensor of at most 2^48 elements, given [562949953421312]");
}

TEST(Complaint, RefusesSizesThatWouldOverflow) {
  const std::int64_t huge = std::int64_t{1} << 40;
  EXPECT_NE(complaint([&](WorkloadBuilder& b) {
              b.input("x", shape({huge, huge}));
            }).find("2^48"),
            std::string::npos);
  EXPECT_NE(complaint([&](WorkloadBuilder& b) {
              b.dense("d", b.input("x", shape({1 << 20, 1 << 20})), 1 << 20);
            }).find("2^56"),
            std::string::npos);
  EXPECT_NE(complaint([](WorkloadBuilder& b) {
              b.input("x", shape({1, 0}));
            }).find("extents of at least 1"),
            std::string::npos);
}

}  // namespace

}  // namespace imbrex
