#pragma once

#include <imbrex/values/result.hpp>

#include <string_view>

namespace imbrex {

// Where a report goes. Files land in the result folder, which becomes visible only when complete.
class IMBREX_API OutputFolder {
 public:
  // Plain file name, no directories; InputError when it exists already in this run.
  virtual void write(std::string_view file_name, std::string_view content) = 0;
  // Text for the person at the terminal; suppressed by --quiet.
  virtual void show(std::string_view text) = 0;
  // Columns of the terminal, or 0 when output is not a terminal.
  virtual int terminal_columns() const noexcept = 0;

 protected:
  virtual ~OutputFolder();
};

// How does a person or a program read it? [one thread per instance]
class IMBREX_API Reporter {
 public:
  virtual ~Reporter();
  virtual void report(const Result& result, OutputFolder& folder) = 0;
};

}  // namespace imbrex
