#include "session.hpp"

#include "checks.hpp"
#include "library_contents.hpp"
#include "plugin/discovery.hpp"
#include "plugin/registry.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <chrono>
#include <memory>

#include <fmt/format.h>
#include <poll.h>

namespace imbrex::conform {
namespace {

constexpr int kPollMs = 20;

class LibrarySession {
 public:
  // A library of the options.
  LibrarySession(const SessionOptions& options, const LibraryContents& contents, std::size_t number)
      : options_(options),
        components_(contents[number]),
        beside_(companions_of(number, options, contents)) {
    report_.library = options.libraries[number];
  }

  LibraryReport run() {
    list_entries();
    run_all();
    if (options_.fuzz_seconds > 0) {
      fuzz();
    }
    for (const ComponentEntry& component : components_) {
      warn_of_silence(component.id);
    }
    return std::move(report_);
  }

 private:
  struct Running {
    std::size_t entry;
    std::unique_ptr<Child> child;
  };

  Target target(const Entry& entry) const {
    const bool alone = entry.component.empty();
    return {report_.library, options_.recipe, entry.component, entry.seed,
            alone ? std::vector<std::filesystem::path>() : beside_};
  }
  void list_entries();
  void add(const Check& check, const std::string& component);
  void run_all();
  bool start_ready();
  void collect();
  bool is_ready(std::size_t entry);
  std::string red_need(std::size_t entry) const;
  void start(std::size_t entry);
  void fuzz();
  void fuzz_round(std::uint64_t seed);
  void warn_of_silence(const std::string& component);

  const SessionOptions& options_;
  const std::vector<ComponentEntry>& components_;
  const std::vector<std::filesystem::path> beside_;
  LibraryReport report_;
  std::vector<bool> done_;
  std::vector<bool> started_;
  std::vector<Running> running_;
};

void LibrarySession::add(const Check& check, const std::string& component) {
  const std::string id(check.id);
  const std::string whole = (component.empty() ? "library" : component) + ": " + id;
  if (!options_.only || std::regex_search(id, *options_.only) ||
      std::regex_search(whole, *options_.only)) {
    report_.entries.push_back(
        {&check, component, {}, check.draws ? options_.seed : kFixedSeed, {}});
  }
}

void LibrarySession::list_entries() {
  const std::vector<const Check*> checks = all_checks();
  for (const Check* const check : checks) {
    if (check->kinds == kLibrary) {
      add(*check, "");
    }
  }
  for (const ComponentEntry& component : components_) {
    for (const Check* const check : checks) {
      if ((check->kinds & kinds_of({component.kind})) != 0) {
        add(*check, component.id);
      }
    }
  }
  done_.assign(report_.entries.size(), false);
  started_.assign(report_.entries.size(), false);
}

bool LibrarySession::is_ready(std::size_t entry) {
  const Entry& asked = report_.entries[entry];
  for (std::size_t i = 0; i < report_.entries.size(); ++i) {
    const Entry& other = report_.entries[i];
    const auto& needs = asked.check->needs;
    const bool needed = std::find(needs.begin(), needs.end(), other.check->id) != needs.end();
    if (needed && !done_[i] && (other.component.empty() || other.component == asked.component)) {
      return false;
    }
  }
  return true;
}

std::string LibrarySession::red_need(std::size_t entry) const {
  const Entry& asked = report_.entries[entry];
  for (const Entry& other : report_.entries) {
    const auto& needs = asked.check->needs;
    const bool needed = std::find(needs.begin(), needs.end(), other.check->id) != needs.end();
    const bool same = other.component.empty() || other.component == asked.component;
    if (needed && same && !other.blocked_by.empty()) {
      return other.blocked_by;
    }
    if (needed && same && is_red(other.outcome.finding.status)) {
      return std::string(other.check->id);
    }
  }
  return {};
}

void LibrarySession::start(std::size_t entry) {
  Entry& asked = report_.entries[entry];
  started_[entry] = true;
  if (const std::string need = red_need(entry); !need.empty()) {
    asked.outcome.finding = {Status::skipped, need + " comes first, and is not right"};
    asked.blocked_by = need;
    done_[entry] = true;
  } else if (options_.in_process) {
    asked.outcome.finding = examine(*asked.check, target(asked), false);
    done_[entry] = true;
  } else {
    const auto body = [&] { return examine(*asked.check, target(asked), true); };
    running_.push_back({entry, std::make_unique<Child>(body, options_.limits)});
  }
}

// Whether anything was started.
bool LibrarySession::start_ready() {
  bool any = false;
  for (std::size_t i = 0; i < report_.entries.size(); ++i) {
    const bool room = running_.size() < static_cast<std::size_t>(options_.jobs);
    if (room && !started_[i] && is_ready(i)) {
      start(i);
      any = true;
    }
  }
  return any;
}

void LibrarySession::collect() {
  std::vector<pollfd> waited;
  for (const Running& one : running_) {
    waited.push_back({one.child->descriptor(), POLLIN, 0});
  }
  poll(waited.data(), static_cast<nfds_t>(waited.size()), kPollMs);
  std::erase_if(running_, [&](const Running& one) {
    const bool ended = one.child->ended();
    if (ended) {
      report_.entries[one.entry].outcome = one.child->outcome();
      done_[one.entry] = true;
    }
    return ended;
  });
}

void LibrarySession::run_all() {
  while (start_ready() || !running_.empty()) {
    if (!running_.empty()) {
      collect();
    }
  }
}

// What is right for the problems of the seed is asked about others, until the time is over.
void LibrarySession::fuzz() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options_.fuzz_seconds);
  for (std::uint64_t seed = options_.seed + 1; std::chrono::steady_clock::now() < end; ++seed) {
    fuzz_round(seed);
    ++report_.fuzz_rounds;
  }
}

void LibrarySession::fuzz_round(std::uint64_t seed) {
  std::vector<Entry> before = report_.entries;
  bool any = false;
  for (std::size_t i = 0; i < report_.entries.size(); ++i) {
    Entry& entry = report_.entries[i];
    const bool again = entry.check->draws && entry.outcome.finding.status <= Status::warned;
    entry.seed = again ? seed : entry.seed;
    started_[i] = done_[i] = !again;
    any = any || again;
  }
  if (!any) {
    return;
  }
  run_all();
  for (std::size_t i = 0; i < report_.entries.size(); ++i) {
    Entry& entry = report_.entries[i];
    if (!is_red(entry.outcome.finding.status)) {
      entry = std::move(before[i]);
    }
  }
}

// A component passes what it was never asked: where no law of its kind could be, somebody has to be
// told. Behind something red nothing needs to be said.
void LibrarySession::warn_of_silence(const std::string& component) {
  Entry* first = nullptr;
  for (Entry& entry : report_.entries) {
    const bool same = entry.component == component;
    if ((same || entry.component.empty()) && is_red(entry.outcome.finding.status)) {
      return;
    }
    if (same && is_law(*entry.check)) {
      if (entry.outcome.finding.status != Status::skipped) {
        return;
      }
      first = first == nullptr ? &entry : first;
    }
  }
  if (first != nullptr) {
    Finding& finding = first->outcome.finding;
    finding = {Status::warned,
               fmt::format("hardly anything of {} was asked: give a recipe that uses it with "
                           "--recipe\n{}",
                           component, finding.text)};
  }
}

// What is installed beside the libraries is opened once, so that no check pays for it again: the
// processes of the checks inherit it. The libraries themselves are opened in these alone.
std::unique_ptr<plugin::Registry> open_others(const std::vector<std::filesystem::path>& libraries) {
  plugin::PluginSearchPath others;
  for (const plugin::Candidate& candidate : plugin::discover(plugin::default_search_path())) {
    const bool examined = std::any_of(libraries.begin(), libraries.end(), [&](const auto& library) {
      std::error_code error;
      return std::filesystem::equivalent(library, candidate.path, error);
    });
    if (!examined && candidate.problem.empty()) {
      others.defaults.push_back(candidate.path);
    }
  }
  try {
    return std::make_unique<plugin::Registry>(others);
  } catch (const Error&) {
    return nullptr;  // the checks say so, each by itself
  }
}

}  // namespace

std::vector<LibraryReport> run_session(const SessionOptions& options) {
  const auto others = open_others(options.libraries);
  const LibraryContents contents = contents_of(options);
  std::vector<LibraryReport> reports;
  for (std::size_t i = 0; i < options.libraries.size(); ++i) {
    reports.push_back(LibrarySession(options, contents, i).run());
  }
  return reports;
}

}  // namespace imbrex::conform
