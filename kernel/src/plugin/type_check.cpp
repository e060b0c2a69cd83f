#include "plugin/type_check.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <map>
#include <span>
#include <vector>

#include <fmt/format.h>

namespace imbrex::plugin {
namespace {

using Words = std::span<const std::uint64_t>;

// Words of a run before those of the members (see TypeTable).
enum : std::size_t { kCount, kLock, kSize, kAlignment, kKinds, kMembers };

struct TypeRun {
  std::vector<std::string_view> members;
  Words words;
};
using TypeRuns = std::map<std::string_view, TypeRun>;

std::vector<std::string_view> split_at(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// Stops where names and words do not fit together.
TypeRuns runs_of(const TypeTable& table) {
  TypeRuns runs;
  Words rest(static_cast<const std::uint64_t*>(table.words), table.word_count);
  for (const std::string_view line : split_at(table.names, '\n')) {
    if (rest.size() < kMembers || rest[kCount] < kMembers || rest[kCount] > rest.size()) {
      break;
    }
    std::vector<std::string_view> members = split_at(line, ' ');
    if (members.empty()) {
      break;
    }
    const std::string_view type = members.front();
    members.erase(members.begin());
    runs[type] = {std::move(members), rest.first(rest[kCount])};
    rest = rest.subspan(rest[kCount]);
  }
  return runs;
}

bool is_function(std::string_view member) {
  return member.ends_with("()");
}

// The Itanium C++ ABI: a pointer to a virtual function is one more than its offset in the table.
std::uint64_t slot_of(std::uint64_t word) {
  return (word - 1) / sizeof(void*);
}

std::string member_clause(std::string_view member, std::uint64_t plugin, std::uint64_t host) {
  if (is_function(member)) {
    return fmt::format("built with {} in slot {} of the virtual table, this imbrex has it in {}",
                       member, slot_of(plugin), slot_of(host));
  }
  if (member.ends_with("=")) {
    return fmt::format("built with {}{}, this imbrex has {}", member, plugin, host);
  }
  return fmt::format("built with '{}' at byte {}, this imbrex has it at byte {}", member, plugin,
                     host);
}

// Both runs are of one length and list the same members.
std::string members_difference(const TypeRun& plugin, const TypeRun& host) {
  std::size_t i = kMembers;
  for (const std::string_view member : host.members) {
    const std::size_t width = is_function(member) ? 2 : 1;
    if (i + width > host.words.size()) {
      return "its members do not fit its table";
    }
    if (plugin.words[i] != host.words[i]) {
      return member_clause(member, plugin.words[i], host.words[i]);
    }
    i += width;
  }
  if (i < host.words.size() && plugin.words[i] != host.words[i]) {
    return fmt::format("built with data up to byte {}, this imbrex has them up to byte {}",
                       plugin.words[i], host.words[i]);
  }
  if (i + 1 < host.words.size() && plugin.words[i + 1] != host.words[i + 1]) {
    return fmt::format("built with a virtual table of {} slots, this imbrex has {}",
                       slot_of(plugin.words[i + 1]), slot_of(host.words[i + 1]));
  }
  return {};
}

// Empty when the runs are alike. What a person can look up comes first.
std::string run_difference(const TypeRun& plugin, const TypeRun& host) {
  if (std::equal(plugin.words.begin(), plugin.words.end(), host.words.begin(), host.words.end())) {
    return {};
  }
  if (plugin.words[kSize] != host.words[kSize]) {
    return fmt::format("built with {} bytes, this imbrex has {}", plugin.words[kSize],
                       host.words[kSize]);
  }
  if (plugin.members != host.members || plugin.words.size() != host.words.size()) {
    return fmt::format("built with members ({}), this imbrex has ({})",
                       fmt::join(plugin.members, ", "), fmt::join(host.members, ", "));
  }
  if (std::string problem = members_difference(plugin, host); !problem.empty()) {
    return problem;
  }
  if (plugin.words[kAlignment] != host.words[kAlignment]) {
    return fmt::format("built with alignment {}, this imbrex has {}", plugin.words[kAlignment],
                       host.words[kAlignment]);
  }
  return plugin.words[kKinds] != host.words[kKinds]
             ? "built with another type of a member"
             : "built from another declaration of the same size";
}

struct Difference {
  std::string_view type;
  std::uint64_t size;
  std::string clause;
};

std::vector<Difference> differences_of(const TypeRuns& plugin, const TypeRuns& host) {
  std::vector<Difference> differences;
  for (const auto& [type, run] : host) {
    const auto found = plugin.find(type);
    if (found == plugin.end()) {
      differences.push_back({type, UINT64_MAX, "the plugin's headers do not have it"});
    } else if (std::string clause = run_difference(found->second, run); !clause.empty()) {
      differences.push_back({type, run.words[kSize], std::move(clause)});
    }
  }
  for (const auto& [type, run] : plugin) {
    if (host.find(type) == host.end()) {
      differences.push_back({type, UINT64_MAX, "this imbrex does not have it"});
    }
  }
  return differences;
}

std::string and_more(std::size_t count, std::string_view what) {
  return count == 0 ? std::string()
                    : fmt::format(" (and {} other {}{})", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::string type_difference(const TypeTable& plugin, const TypeTable& host) {
  if (plugin.names == nullptr || plugin.words == nullptr) {
    return "it carries no table of boundary types";
  }
  if (std::strcmp(plugin.names, host.names) == 0 && plugin.word_count == host.word_count &&
      std::memcmp(plugin.words, host.words, host.word_count * sizeof(std::uint64_t)) == 0) {
    return {};
  }
  const std::vector<Difference> all = differences_of(runs_of(plugin), runs_of(host));
  if (all.empty()) {
    return "its table of boundary types is damaged";
  }
  const Difference& first =
      *std::min_element(all.begin(), all.end(),
                        [](const Difference& a, const Difference& b) { return a.size < b.size; });
  return fmt::format("type {} differs{}: {}", first.type, and_more(all.size() - 1, "type"),
                     first.clause);
}

std::string header_difference(std::string_view plugin, std::string_view host) {
  if (plugin == host) {
    return {};
  }
  const auto mine = split_at(plugin, '\n');
  const auto theirs = split_at(host, '\n');
  std::vector<std::string_view> changed;
  std::set_symmetric_difference(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                                std::back_inserter(changed));
  std::vector<std::string_view> names;
  for (const std::string_view line : changed) {
    const std::string_view name = line.substr(0, line.find(' '));
    if (names.empty() || names.back() != name) {
      names.push_back(name);
    }
  }
  return fmt::format("header imbrex/{} differs from the one that this imbrex was built with{}",
                     names.empty() ? "?" : names.front(),
                     and_more(names.empty() ? 0 : names.size() - 1, "header"));
}

}  // namespace imbrex::plugin
