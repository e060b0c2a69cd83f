#include "run/child_side.hpp"

#include "plugin/call_mark.hpp"
#include "plugin/host_services.hpp"
#include "run/byte_stream.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <new>

#include <sys/resource.h>
#include <unistd.h>

namespace imbrex::run {
namespace {

std::atomic<bool> g_met_memory_limit{false};

void on_no_memory() {
  g_met_memory_limit = true;
  throw std::bad_alloc();
}

// Writable memory of this process that is its own.
std::uint64_t data_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "VmData:") {
      std::uint64_t kib = 0;
      status >> kib;
      return kib << 10;
    }
  }
  return 0;
}

void limit_memory(std::int64_t bytes) {
  const std::uint64_t now = data_bytes();
  if (bytes <= 0 || now == 0) {
    return;
  }
  const rlim_t most = now + static_cast<std::uint64_t>(bytes);
  const rlimit limit{most, most};
  setrlimit(RLIMIT_DATA, &limit);
  std::set_new_handler(on_no_memory);
}

std::string answer(Answer kind, std::string_view text) {
  ByteWriter out;
  out.add(kind);
  out.add(text);
  out.add(g_met_memory_limit.load());
  return out.take();
}

std::string answer_of(const std::string& where, FunctionRef<std::string()> work) {
  try {
    return answer(Answer::value, work());
  } catch (const InputError& error) {
    return answer(Answer::bad_input, error.what());
  } catch (const InfeasibleError& error) {
    return answer(Answer::infeasible, error.what());
  } catch (const BlamedError& error) {
    return answer(Answer::blamed, error.what());
  } catch (const CancelledError&) {
    return answer(Answer::cancelled, {});
  } catch (const std::bad_alloc&) {
    return answer(Answer::failed, where + ": ran out of memory");
  } catch (const std::exception& error) {
    return answer(Answer::failed, error.what());
  }
}

void write_whole(int channel, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(channel, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      _exit(1);
    }
    bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
  }
}

}  // namespace

void serve_as_child(int channel, const std::string& where, const Isolation& limits,
                    FunctionRef<std::string()> work) {
  plugin::know_this_thread();
  limit_memory(limits.memory_bytes);
  ByteWriter out;
  out.add(answer_of(where, work));
  write_whole(channel, out.take());
  std::fflush(stdout);  // what components wrote there belongs to the parent's run
  _exit(0);
}

}  // namespace imbrex::run
