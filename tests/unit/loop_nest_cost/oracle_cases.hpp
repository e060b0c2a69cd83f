// Nests that an established tool counted (the cases' README says which), read from its files.
#pragma once

#include <imbrex/toolkit/nests/problem.hpp>
#include <imbrex/values/mapping.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace imbrex::nests {

using nlohmann::json;

inline constexpr std::int64_t kWordBits = 16;

// Twelve nests of many kinds, then eight whose tensors pass two fan-outs with nothing in between.
inline const json& cases() {
  static const json all = [] {
    json found = json::array();
    for (const char* name : {"cases.json", "fanout.json"}) {
      std::ifstream file(std::filesystem::path(IMBREX_ORACLES_DIR) / "loop-nest" / name);
      const json read = json::parse(file);
      found.insert(found.end(), read.at("cases").begin(), read.at("cases").end());
    }
    return found;
  }();
  return all;
}

// The cases name dimensions freely; the counting only needs eight different ones.
class Names {
 public:
  Dim operator()(const std::string& name) {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) {
        return static_cast<Dim>(i);
      }
    }
    names_.push_back(name);
    return static_cast<Dim>(names_.size() - 1);
  }

 private:
  std::vector<std::string> names_;
};

inline std::size_t role_of(const json& space, std::size_t position) {
  return space.at("read_write").get<bool>() ? index(Role::outputs) : position;
}

// Position of every data space by name: outputs last, the others in the order given.
inline std::map<std::string, std::size_t> roles_of(const json& problem) {
  std::map<std::string, std::size_t> roles;
  std::size_t next = 0;
  for (const json& space : problem.at("dataspaces")) {
    const std::size_t role = role_of(space, next);
    next += role == index(Role::outputs) ? 0 : 1;
    roles[space.at("name").get<std::string>()] = role;
  }
  return roles;
}

inline Problem problem_of(const json& description, Names& dim) {
  Problem problem;
  problem.mappable = true;
  problem.bits = {kWordBits, kWordBits, kWordBits};
  for (const auto& [name, bound] : description.at("dims").items()) {
    problem.bounds[dim(name)] = bound.get<std::int64_t>();
  }
  const auto roles = roles_of(description);
  for (const json& space : description.at("dataspaces")) {
    for (const json& coordinate : space.at("ranks")) {
      Rank rank;
      for (std::size_t i = 0; i < coordinate.size(); ++i) {
        rank.dim[i] = imbrex::index(dim(coordinate[i].at("dim").get<std::string>()));
        rank.factor[i] = coordinate[i].at("coeff").get<std::int64_t>();
      }
      problem.tensor[roles.at(space.at("name").get<std::string>())].add(rank);
    }
  }
  return problem;
}

inline double bandwidth(const json& words_per_cycle) {
  return words_per_cycle.is_null() ? 0 : words_per_cycle.get<double>() * kWordBits;
}

inline Hierarchy hierarchy_of(const json& one) {
  Hierarchy hierarchy;
  hierarchy.counting = Counting::timeloop;
  const json& levels = one.at("arch").at("levels_outermost_first");
  const json& mapping = one.at("mapping_outermost_first");
  const auto roles = roles_of(one.at("problem"));
  for (std::size_t l = 0; l < levels.size(); ++l) {
    Level level;
    level.instances = levels[l].at("instances").get<std::int64_t>();
    const json& below = l + 1 < levels.size() ? levels[l + 1] : one.at("arch").at("mac");
    level.fanout = below.at("instances").get<std::int64_t>() / level.instances;
    const json& words = levels[l].at("capacity_words");
    level.capacity_bits = words.is_null() ? 0 : words.get<std::int64_t>() * kWordBits;
    level.read_bits_per_cycle = bandwidth(levels[l].at("read_bandwidth_words_per_cycle"));
    level.write_bits_per_cycle = bandwidth(levels[l].at("write_bandwidth_words_per_cycle"));
    for (const json& name : mapping[l].at("keep")) {
      level.keep = static_cast<KeepMask>(level.keep | keep_bit(roles.at(name.get<std::string>())));
    }
    hierarchy.levels.push_back(level);
  }
  return hierarchy;
}

inline Mapping mapping_of(const json& levels, Names& dim) {
  Mapping mapping;
  for (std::size_t l = 0; l < levels.size(); ++l) {
    for (const char* kind : {"temporal", "spatial_x", "spatial_y"}) {
      for (const json& loop : levels[l].at(kind)) {
        mapping.loops[mapping.count++] = {
            dim(loop[0].get<std::string>()),
            std::string(kind) == "temporal" ? LoopKind::temporal : LoopKind::spatial,
            static_cast<std::uint8_t>(l), loop[1].get<std::int64_t>()};
      }
    }
  }
  return mapping;
}

}  // namespace imbrex::nests
