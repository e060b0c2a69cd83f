// Faults of components that no `guard` can catch, in the command.
#pragma once

namespace imbrex::plugin {

// From here on a process that a component ends says who it was (last_words.hpp) and ends with
// `exit_code`, whatever the component asked for: by SIGSEGV, also for want of stack, SIGBUS,
// SIGFPE, SIGILL or SIGABRT, by std::terminate, which is what an exception does that leaves a
// thread of the component's own, by std::exit and by std::quick_exit. Nobody can tell who calls
// _exit: that ends the process at once. For the whole process, once, in its first thread; not for
// programs that embed the engine. Under a sanitizer signals are the sanitizer's.
void adopt_faults(int exit_code) noexcept;

}  // namespace imbrex::plugin
