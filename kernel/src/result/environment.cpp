#include "result/environment.hpp"

#include <array>
#include <ctime>
#include <thread>

#include <sys/utsname.h>

namespace imbrex::result {

std::string utc_text(std::time_t time) {
  std::tm broken_down{};
  gmtime_r(&time, &broken_down);
  std::array<char, 32> text{};
  const std::size_t size =
      std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &broken_down);
  return {text.data(), size};
}

Environment describe_environment(int threads, double duration_s) {
  Environment environment;
  environment.imbrex_version = IMBREX_VERSION;
  environment.date_utc = utc_text(std::time(nullptr));
  utsname system{};
  if (uname(&system) == 0) {
    environment.host = system.nodename;
    environment.operating_system =
        std::string(system.sysname) + " " + system.release + " " + system.machine;
  }
  environment.compiler = __VERSION__;
  environment.threads = threads;
  environment.hardware_threads = static_cast<int>(std::thread::hardware_concurrency());
  environment.duration_s = duration_s;
  return environment;
}

}  // namespace imbrex::result
