// Where the loops of a mapping stand, and which elements of tensors a point of the loop nest
// touches: one by one.
#pragma once

#include "bit_serial_twin.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <set>
#include <vector>

namespace imbrex::bit_serial {

using Point = std::array<std::int64_t, kDimCount>;

inline bool is_reduction(Dim d) {
  return d == Dim::C || d == Dim::R || d == Dim::S;
}

// Calls visit(where the loops [first, last) of one kind stand).
inline void walk(const Mapping& m, std::size_t first, std::size_t last, LoopKind kind, Point at,
                 const std::function<void(const Point&)>& visit) {
  if (first == last) {
    visit(at);
    return;
  }
  const Loop& loop = m.loops[first];
  std::int64_t step = m.job_extent[index(loop.dim)];
  if (first < m.outer) {
    for (std::size_t i = first + 1; i < m.outer; ++i) {
      step *= m.loops[i].dim == loop.dim ? m.loops[i].bound : 1;
    }
  } else {
    step = 1;
    for (std::size_t i = first + 1; i < m.count; ++i) {
      step *= m.loops[i].dim == loop.dim ? m.loops[i].bound : 1;
    }
  }
  for (std::int64_t i = 0; i < (loop.kind == kind ? loop.bound : 1); ++i) {
    Point next = at;
    next[index(loop.dim)] += i * step;
    walk(m, first + 1, last, kind, next, visit);
  }
}

// Every point of a box of the job's extent.
inline void points_of_job(const Mapping& m, const Point& low,
                          const std::function<void(const Point&)>& visit) {
  Point at = low;
  std::function<void(std::size_t)> go = [&](std::size_t d) {
    if (d == kDimCount) {
      visit(at);
      return;
    }
    for (std::int64_t i = 0; i < m.job_extent[d]; ++i) {
      at[d] = low[d] + i;
      go(d + 1);
    }
    at[d] = low[d];
  };
  go(0);
}

using Element = std::vector<std::int64_t>;
inline Element element(const Operator& op, std::size_t input, std::size_t rank, const Point& at,
                       bool& touched) {
  Element result;
  touched = true;
  for (std::size_t a = 0; a < rank; ++a) {
    const AxisProjection& p = op.input_projection[input][a];
    const std::int64_t x =
        p.factor[0] * at[index(p.dim[0])] + p.factor[1] * at[index(p.dim[1])] + p.offset;
    touched = touched && x % p.divisor == 0;
    result.push_back(x / p.divisor);
  }
  return result;
}

inline std::set<Element> held_of(const std::set<Element>& touched, const Shape& tensor, Hold hold) {
  if (hold == Hold::touched || touched.empty()) {
    return touched;
  }
  Element low = *touched.begin();
  Element high = low;
  for (const Element& e : touched) {
    for (std::size_t a = 0; a < e.size(); ++a) {
      low[a] = std::min(low[a], e[a]);
      high[a] = std::max(high[a], e[a]);
    }
  }
  std::set<Element> result;
  Element at = low;
  std::function<void(std::size_t)> go = [&](std::size_t a) {
    if (a == at.size()) {
      result.insert(at);
      return;
    }
    for (at[a] = std::max<std::int64_t>(0, low[a]); at[a] <= std::min(high[a], tensor[a] - 1);
         ++at[a]) {
      go(a + 1);
    }
  };
  go(0);
  return result;
}

inline Element select(const Point& at, std::initializer_list<Dim> dims) {
  Element result;
  for (const Dim d : dims) {
    result.push_back(at[index(d)]);
  }
  return result;
}

// Of all iterations, those with data: none lie between the rows that a transposed convolution
// spreads, nor beyond their ends. Padding of others is data.
inline double share_with_data(const Workload& workload, const Operator& op) {
  std::int64_t all = 0;
  std::int64_t needed = 0;
  Mapping whole;
  whole.job_extent = op.bounds.bound;
  points_of_job(whole, Point{}, [&](const Point& at) {
    bool touched = true;
    const Shape& tensor = workload.at(op.inputs[0]).shape;
    const Element e = element(op, 0, tensor.rank, at, touched);
    for (std::size_t a = 0; a < e.size(); ++a) {
      const bool spread = op.input_projection[0][a].divisor > 1;
      touched = touched && (!spread || (e[a] >= 0 && e[a] < tensor[a]));
    }
    ++all;
    needed += touched ? 1 : 0;
  });
  return static_cast<double>(needed) / static_cast<double>(all);
}

}  // namespace imbrex::bit_serial
