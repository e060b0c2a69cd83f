// In every test that does not say THREADS: a test that starts a worker of the parallel loops is
// stopped, because the thread sanitizer would never look at it. Other threads, such as the watchdog
// of each HostServices, are let through.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <dlfcn.h>
#include <pthread.h>

// Takes the place of the C library's: a program's own symbols come first.
extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                              void* (*start)(void*), void* argument) noexcept {
  Dl_info caller{};
  if (dladdr(__builtin_return_address(0), &caller) != 0 && caller.dli_fname != nullptr &&
      std::string_view(caller.dli_fname).find("libtbb") != std::string_view::npos) {
    std::fputs("This test starts worker threads: add THREADS to its imbrex_add_test().\n", stderr);
    std::abort();
  }
  static const auto create =
      reinterpret_cast<decltype(&pthread_create)>(dlsym(RTLD_NEXT, "pthread_create"));
  return create(thread, attributes, start, argument);
}
