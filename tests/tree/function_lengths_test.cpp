// What the brace scanner sees, on texts whose lines are counted by hand.
#include "function_lengths.hpp"

#include "source_files.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace imbrex::test {

bool operator==(const FunctionLength& a, const FunctionLength& b) {
  return a.name == b.name && a.first_line == b.first_line && a.lines == b.lines;
}
void PrintTo(const FunctionLength& length, std::ostream* out) {
  *out << length.name << " at " << length.first_line << ": " << length.lines;
}

namespace {

using Lengths = std::vector<FunctionLength>;

TEST(FunctionLengths, ReachFromTheDeclarationToTheClosingBrace) {
  EXPECT_EQ(function_lengths("int a() {\n  return 1;\n}\n\n\nvoid\nb(int x,\n  int y) {}\n"),
            (Lengths{{"a", 1, 3}, {"b", 6, 3}}));
  EXPECT_EQ(function_lengths("template <class T, auto N = (1 > 0)>\nT c(T x) noexcept {\n}"),
            (Lengths{{"c", 1, 3}}));
}

TEST(FunctionLengths, AreThoseOfMembersInsideAndOutsideTheirClass) {
  EXPECT_EQ(function_lengths("namespace n {\nclass A final : public B<int> {\n public:\n"
                             "  A(int x) : x_(x), y_{x} {\n  }\n  ~A();\n private:\n"
                             "  bool operator()(int) const { return x_ < 1; }\n  int x_ = {};\n"
                             "  int y_;\n};\nA::~A() {\n}\n}  // namespace n\n"),
            (Lengths{{"A", 4, 2}, {"operator()", 8, 1}, {"A::~A", 12, 2}}));
  EXPECT_EQ(function_lengths("A& A::operator=(const A& a) {\n}\nbool operator<=(A a, A b) {\n}"),
            (Lengths{{"A::operator=", 1, 2}, {"operator<=", 3, 2}}));
}

TEST(FunctionLengths, AreThoseOfTests) {
  EXPECT_EQ(function_lengths("TEST(Suite, Name) {\n\n}\nTEST_F(Other, Name) { }"),
            (Lengths{{"TEST(Suite, Name)", 1, 3}, {"TEST_F(Other, Name)", 4, 1}}));
}

TEST(FunctionLengths, ArePartOfTheFunctionAround) {
  EXPECT_EQ(
      function_lengths("void a() {\n  struct L {\n    void m() {}\n  };\n  [] { return 1; }();\n}"),
      (Lengths{{"a", 1, 6}}));
}

TEST(FunctionLengths, AreThoseOfLambdasThatAreVariables) {
  EXPECT_EQ(function_lengths("const auto twice = [](int x) {\n  return 2 * x;\n};\nint y = 1;"),
            (Lengths{{"twice", 1, 3}}));
}

TEST(FunctionLengths, AreNotThoseOfTablesAndTypes) {
  EXPECT_EQ(
      function_lengths("constexpr int kTable[] = {\n  f(1),\n  {2}};\nenum class E : int { a };\n"
                       "struct S {\n  int x{1};\n};\nextern \"C\" {\nint g();\n}\n"
                       "void h(int x = {}, S s = {1}) {\n}\n"),
      (Lengths{{"h", 11, 2}}));
}

TEST(FunctionLengths, DoNotCountBracesInTextAndMacros) {
  EXPECT_EQ(function_lengths(
                "#define X { \\\n  {\nvoid a() {  // {\n  /* { */ f(\"{\\\"{\", '{', 1'000);\n"
                "  g(R\"x({)\" {)x\");\n}"),
            (Lengths{{"a", 3, 4}}));
}

TEST(FunctionLengths, AreRefusedWhereBracesDoNotBalance) {
  EXPECT_THROW(function_lengths("void a() {"), std::runtime_error);
  EXPECT_THROW(function_lengths("namespace a {"), std::runtime_error);
  EXPECT_THROW(function_lengths("}"), std::runtime_error);
}

TEST(SourceText, LosesItsCommentsOnly) {
  EXPECT_EQ(without_comments("f(\"// a\"); // b\n#define C /* d */ 'e'\n"),
            "f(\"// a\");     \n#define C         'e'\n");
}

}  // namespace
}  // namespace imbrex::test
