#!/usr/bin/env python3
"""run_page.py PAGE WORK BUILD: does what a page of documentation tells its reader to do.

Blocks of the page, in its order, in the folder WORK, which is emptied first:

  ```LANGUAGE file=PATH   the file PATH
  ```sh run               a script, which ends with 0 and stops at the first command that does not
  ```sh run=N             the same, ending with N
  ```text output          all that the script before it prints; `...` alone in a line stands for any lines, `...` at
                          the end of a line for the rest of it

Other blocks are only read. BUILD is the build folder: its `imbrex` is on the path, its package is found by CMake.
A page of code whose blocks are never run is a mistake, so one without a script is refused.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

FENCE = "```"


def blocks(text):
    """(words behind the fence, content, number of the first line) of every block."""
    words, lines, start = None, [], 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(FENCE) and words is None:
            words, lines, start = line[len(FENCE):].split(), [], number
        elif line.startswith(FENCE):
            yield words, "".join(each + "\n" for each in lines), start
            words = None
        else:
            lines.append(line)


def pattern_of(shown):
    """`...` alone in a line stands for any lines, also none; at the end of a line for the rest of it."""
    parts = [re.escape(part).replace("\\.\\.\\.\\\n", ".*\n")
             for part in re.split(r"^\s*\.\.\.\n", shown, flags=re.M)]
    return re.compile("(?:.*\n)*?".join(parts))


class Page:
    def __init__(self, path, work, build):
        self.path, self.work, self.printed, self.scripts = path, work, None, 0
        self.environment = {**os.environ, "PATH": f"{build / 'bin'}:{os.environ['PATH']}", "NO_COLOR": "1",
                            "CMAKE_PREFIX_PATH": str(build), "CMAKE_GENERATOR": "Ninja"}
        self.environment.pop("IMBREX_PLUGIN_PATH", None)

    def fail(self, line, message):
        sys.exit(f"{self.path}:{line}: {message}")

    def block(self, words, content, line):
        option = words[1] if len(words) > 1 else ""
        name, _, value = option.partition("=")
        if name == "file":
            file = self.work / value
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        elif words[:1] == ["sh"] and name == "run":
            self.run(content, int(value or 0), line)
        elif option == "output":
            self.compare(content, line)
        elif option:
            self.fail(line, f"nobody knows what '{option}' of a block means")

    def run(self, script, code, line):
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=self.work, env=self.environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.printed = done.stdout
        self.scripts += 1
        if done.returncode != code:
            self.fail(line, f"the script ends with {done.returncode}, not {code}:\n{done.stdout}")

    def compare(self, shown, line):
        if self.printed is None:
            self.fail(line, "output of what? there is no script before it")
        if not pattern_of(shown).fullmatch(self.printed):
            self.fail(line, f"the page shows\n{shown}\nand the script prints\n{self.printed}")


def main():
    path, work, build = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    page = Page(path, work, build)
    for words, content, line in blocks(path.read_text(encoding="utf-8")):
        page.block(words, content, line)
    if page.scripts == 0:
        sys.exit(f"{path}: nothing of it is run")
    print(f"{path.name}: {page.scripts} scripts run as shown")


if __name__ == "__main__":
    main()
