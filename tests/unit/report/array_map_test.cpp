// Pictures of arrays: squeezing, cropping, and rows that repeat.
#include "array_map.hpp"

#include <map>
#include <random>

#include <gtest/gtest.h>

namespace imbrex::terminal {
namespace {

Grid random_grid(std::mt19937& random) {
  Grid grid{static_cast<std::int32_t>(1 + random() % 12),
            static_cast<std::int32_t>(1 + random() % 12),
            {}};
  for (std::int32_t i = 0; i < grid.rows * grid.columns; ++i) {
    grid.values.push_back(static_cast<double>(random() % 4));
  }
  return grid;
}

// Looks at every element of the array for each square.
double slow_value(const Grid& grid, std::int32_t side, Squeeze rule, std::int32_t row,
                  std::int32_t column) {
  std::map<double, int> counts;
  for (std::int32_t r = 0; r < grid.rows; ++r) {
    for (std::int32_t c = 0; c < grid.columns; ++c) {
      if (r / side == row && c / side == column) {
        ++counts[grid.at(r, c)];
      }
    }
  }
  double best = counts.begin()->first;
  for (const auto& [value, count] : counts) {
    const bool better = rule == Squeeze::largest ? value > best : count > counts[best];
    best = better ? value : best;
  }
  return best;
}

TEST(Squeezed, IsTheCommonestOrLargestOfEverySquare) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const Grid grid = random_grid(random);
    const auto side = static_cast<std::int32_t>(1 + random() % 5);
    for (const Squeeze rule : {Squeeze::commonest, Squeeze::largest}) {
      const Grid small = squeezed(grid, side, rule);
      ASSERT_EQ(small.rows, (grid.rows + side - 1) / side) << "seed " << seed;
      ASSERT_EQ(small.columns, (grid.columns + side - 1) / side) << "seed " << seed;
      for (std::int32_t r = 0; r < small.rows; ++r) {
        for (std::int32_t c = 0; c < small.columns; ++c) {
          EXPECT_EQ(small.at(r, c), slow_value(grid, side, rule, r, c)) << "seed " << seed;
        }
      }
    }
  }
}

TEST(Squeezed, LeavesSquaresOfOneElementAlone) {
  const Grid grid{2, 3, {0, 1, 2, 3, 4, 5}};
  EXPECT_EQ(squeezed(grid, 1, Squeeze::commonest).values, grid.values);
}

TEST(Cropped, IsTheUpperLeftPart) {
  const Grid grid{2, 3, {0, 1, 2, 3, 4, 5}};
  EXPECT_EQ(cropped(grid, 2, 2).values, (std::vector<double>{0, 1, 3, 4}));
  EXPECT_EQ(cropped(grid, 9, 9).values, grid.values);
}

TEST(Folds, SayTheSameLinesWhateverRepeats) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::string> lines;
    for (auto count = random() % 40; count > 0; --count) {
      lines.emplace_back(1, static_cast<char>('a' + random() % 2));
    }
    std::vector<std::string> told;
    for (const Fold& fold : folds(lines)) {
      ASSERT_EQ(fold.first, told.size()) << "seed " << seed;
      for (std::size_t i = 0; i < fold.period * fold.times; ++i) {
        told.push_back(lines.at(fold.first + i % fold.period));
      }
    }
    EXPECT_EQ(told, lines) << "seed " << seed;
  }
}

TEST(Folds, PutsEqualLinesTogether) {
  const std::vector<std::string> lines(32, "01");
  EXPECT_EQ(folds(lines), (std::vector<Fold>{{0, 1, 32}}));
}

TEST(Folds, PutsAlternatingLinesTogether) {
  const std::vector<std::string> lines = {"01", "10", "01", "10", "01", "10", "01"};
  EXPECT_EQ(folds(lines), (std::vector<Fold>{{0, 2, 3}, {6, 1, 1}}));
}

TEST(Folds, LeavesDifferentLinesAlone) {
  const std::vector<std::string> lines = {"a", "b", "c"};
  EXPECT_EQ(folds(lines), (std::vector<Fold>{{0, 1, 1}, {1, 1, 1}, {2, 1, 1}}));
  EXPECT_TRUE(folds(std::vector<std::string>{}).empty());
}

Picture checkerboard(std::int32_t rows, std::int32_t columns) {
  Picture picture{"board", rows, columns, {}};
  for (std::int32_t i = 0; i < rows * columns; ++i) {
    picture.glyphs.push_back((i / columns + i) % 2 == 0 ? Glyph{"0", "31"} : Glyph{"1", ""});
  }
  return picture;
}

TEST(Draw, BracketsLinesThatRepeat) {
  const std::vector<Picture> pictures = {checkerboard(6, 8)};
  EXPECT_EQ(draw({}, pictures), "    board\n    01010101 \\\n    10101010 / x3\n");
  text::Style unicode;
  unicode.unicode = true;
  EXPECT_EQ(draw(unicode, pictures), "    board\n    01010101 ┐\n    10101010 ┘ x3\n");
}

TEST(Draw, PutsPicturesSideBySideWhileThereIsRoom) {
  const std::vector<Picture> pictures = {checkerboard(2, 8), checkerboard(2, 8)};
  EXPECT_EQ(draw({}, pictures),
            "    board      board\n    01010101   01010101\n    10101010   10101010\n");
  text::Style narrow;
  narrow.columns = 30;  // 12 of them margins
  EXPECT_EQ(draw(narrow, pictures),
            "    board\n    01010101\n    10101010\n    board\n    01010101\n    10101010\n");
}

TEST(Draw, NeverCutsATitle) {
  const std::vector<Picture> pictures = {checkerboard(1, 2), checkerboard(1, 2)};
  EXPECT_EQ(draw({}, pictures), "    board   board\n    01      01\n");
}

TEST(Draw, ColoursRunsOfEqualGlyphs) {
  text::Style style;
  style.colour = true;
  Picture picture{"p", 1, 4, {{"a", "31"}, {"a", "31"}, {"b", ""}, {"c", "30;42"}}};
  EXPECT_EQ(draw(style, {&picture, 1}), "    p\n    \x1b[0;31maa\x1b[0mb\x1b[0;30;42mc\x1b[0m\n");
}

}  // namespace
}  // namespace imbrex::terminal
