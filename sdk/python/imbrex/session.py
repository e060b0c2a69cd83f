"""Running recipes in this process."""

import json
import os
import threading

from imbrex.errors import Diagnostic, FailedError, InfeasibleError, InputError, Interrupted
from imbrex.library import ON_LOG, ON_PROGRESS, library
from imbrex.results import Result

__all__ = ["RunResult", "Session", "components", "describe", "run", "version"]

DONE, FAILED, BAD_INPUT, INFEASIBLE, INTERRUPTED = 0, 1, 2, 3, 130
ERRORS = {BAD_INPUT: InputError, INFEASIBLE: InfeasibleError, INTERRUPTED: Interrupted}


def version():
    """ "0.1.0": of Imbrex."""
    return library().imbrex_session_version().decode()


def run(recipe=None, *, text=None, folder="", set=None, unset=(), profiles=(), plugins=(), threads=0, out=None,
        replace=False, on_progress=None, on_log=None):
    """Runs a recipe and returns what its result.json holds, as a RunResult, which is a dictionary.

    recipe    a file, or a result folder to run again; or `text`, a recipe whose paths start at `folder`
    set       overrides: {"architecture.extra_pes": 32, "stage.1.granularity": "pixel"}, or a list of "key=value";
              `unset` takes keys away, `profiles` lays profiles on first
    plugins   libraries beside those that are found by themselves
    threads   0: all cores; the result does not depend on it
    out       a folder for what `imbrex run --out` leaves; `replace`: as --force
    on_progress   called with a dictionary at each stage's beginning, and ten times a second at most
    on_log        called with (severity, component, line)

    Errors: InputError, InfeasibleError, FailedError. Ctrl-C ends the run and raises KeyboardInterrupt."""
    if (recipe is None) == (text is None):
        raise InputError("run() takes either a recipe's file or its text")
    session = Session(plugins)
    if text is None:
        session.read_file(recipe)
    else:
        session.read_text(text, folder)
    for name in [profiles] if isinstance(profiles, str) else profiles:
        session.use_profile(name)
    for setting in set.items() if hasattr(set, "items") else set or ():
        session.set(*([setting] if isinstance(setting, str) else setting))
    for key in [unset] if isinstance(unset, str) else unset:
        session.unset(key)
    session.on_progress, session.on_log = on_progress, on_log
    result = session.run(threads)
    if out is not None:
        result.write(out, replace=replace)
    return result


def components(plugins=()):
    """All components that are found: a list of dictionaries, as in `imbrex plugins --json`."""
    return Session(plugins).components()["components"]


def describe(component, plugins=()):
    """One component with its parameters: a dictionary, as from `imbrex describe COMPONENT --json`."""
    return Session(plugins).describe(component)


class RunResult(Result):
    """The result of a run of this process, not yet in any folder. `json`: result.json, byte for byte."""

    def __init__(self, session, text):
        super().__init__(json.loads(text))
        self.json = text
        self._session = session

    def write(self, folder, replace=False):
        """Leaves the folder that `imbrex run --out FOLDER` would leave, and returns it as a Result that has
        tables. Not after another run of the session."""
        if self._session.last is not self:
            raise InputError("the session has run again since: write a result before that")
        self._session.write(folder, replace)
        return Result.of_folder(folder)


class Session:
    """Step by step what `run` does at once. One thread at a time, but `cancel`, which any may call."""

    def __init__(self, plugins=()):
        self._library = library()
        self._handle = self._library.imbrex_session_create()
        if not self._handle:
            raise MemoryError
        self.on_progress = None
        self.on_log = None
        self.last = None
        for file in [plugins] if isinstance(plugins, (str, os.PathLike)) else plugins:
            self._require("add_plugin", os.fsencode(file))

    def __del__(self):
        if getattr(self, "_handle", None):
            self._library.imbrex_session_destroy(self._handle)

    def read_file(self, path):
        """A recipe, or a result folder. Forgets overrides and results."""
        self._require("read_file", os.fsencode(path))

    def read_text(self, recipe, folder=""):
        """A recipe that is in no file; its paths start at `folder`."""
        self._require("read_text", recipe.encode(), os.fsencode(folder))

    def set(self, key, value=None):
        """set("architecture.extra_pes", 32), or set("architecture.extra_pes=32")."""
        self._require("set", (key if value is None else f"{key}={toml(value)}").encode())

    def unset(self, key):
        self._require("unset", key.encode())

    def use_profile(self, name):
        self._require("use_profile", name.encode())

    def resolve(self):
        """Loads the plugins, checks everything; returns the notes and warnings as a list of Diagnostic."""
        self._require("resolve")
        return self.diagnostics()

    def plan_toml(self, folder=""):
        """The plan as a recipe that says everything; its paths start at `folder`."""
        return self._text("plan_toml", os.fsencode(folder))

    def run(self, threads=0):
        """Returns a RunResult; one that was cancelled has "partial"."""
        self.last = None
        status = self._call_run(threads)
        text = self._library.imbrex_session_result_json(self._handle)
        if status != DONE and not (status == INTERRUPTED and text):
            self._raise(status)
        self.last = RunResult(self, text.decode())
        return self.last

    def cancel(self):
        """Ends the run that goes on, or, while none does, the next one as it begins."""
        self._library.imbrex_session_cancel(self._handle)

    def write(self, folder, replace=False):
        self._connect(lambda: None)
        self._require("write", os.fsencode(folder), int(replace))
        self._raise_what_calls_raised()

    def components(self):
        """{"imbrex": version, "libraries": [...], "components": [...]}"""
        return json.loads(self._text("components_json"))

    def describe(self, component):
        return json.loads(self._text("describe_json", component.encode()))

    def diagnostics(self):
        """What the last call had to say, as a list of Diagnostic."""
        found = []
        for index in range(self._library.imbrex_session_diagnostic_count(self._handle)):
            one = self._library.imbrex_session_diagnostic(self._handle, index).contents
            values = (getattr(one, name) for name in Diagnostic._fields)
            found.append(Diagnostic._make(_decoded(v) if isinstance(v, bytes) else v for v in values))
        return found

    # A call of C hears no Ctrl-C: it runs in a thread of its own, and this one waits for it.
    def _call_run(self, threads):
        status = []
        ended = threading.Event()
        self._connect(self.cancel)

        def work(_calls=self._calls):  # which live as long as the thread, even if nobody waits for it any more
            try:
                status.append(self._library.imbrex_session_run(self._handle, threads))
            finally:
                ended.set()

        # Not by `join`: Python 3.11 takes a thread for ended whose join was interrupted, and would not wait again.
        threading.Thread(target=work, daemon=True).start()
        try:
            ended.wait()
        except BaseException:
            self.cancel()
            ended.wait()
            raise
        self._raise_what_calls_raised()
        return status[0]

    def _raise_what_calls_raised(self):
        if self._raised:
            raise self._raised[0]

    # What a function of the caller raises stops a run, and is raised again where that was started.
    def _guarded(self, call, stop):
        def guarded_call(*arguments):
            try:
                call(*arguments)
            except BaseException as error:  # pylint: disable=broad-except
                self._raised.append(error)
                stop()
        return guarded_call

    # Functions that C calls live as long as it may call them.
    def _connect(self, stop):
        def progress(told, _):
            told = told.contents
            self.on_progress({
                "component": _decoded(told.component), "what": _decoded(told.what), "stage": told.stage,
                "stages": told.stages, "baseline": bool(told.is_baseline),
                "fraction": told.fraction if told.fraction >= 0 else None, "evaluations": told.evaluations,
                "best": told.best if told.has_best else None, "elapsed_s": told.elapsed_s})

        def log(severity, component, line, _):
            self.on_log(_decoded(severity), _decoded(component), _decoded(line))

        self._raised = []
        self._calls = (ON_PROGRESS(self._guarded(progress, stop)) if self.on_progress else ON_PROGRESS(),
                       ON_LOG(self._guarded(log, stop)) if self.on_log else ON_LOG())
        self._library.imbrex_session_on_progress(self._handle, self._calls[0], None)
        self._library.imbrex_session_on_log(self._handle, self._calls[1], None)

    def _require(self, name, *arguments):
        status = getattr(self._library, "imbrex_session_" + name)(self._handle, *arguments)
        if status != DONE:
            self._raise(status)

    def _text(self, name, *arguments):
        text = getattr(self._library, "imbrex_session_" + name)(self._handle, *arguments)
        if text is None:
            self._raise(self._library.imbrex_session_status(self._handle))
        return text.decode()

    def _raise(self, status):
        message = _decoded(self._library.imbrex_session_message(self._handle))
        raise ERRORS.get(status, FailedError)(message, self.diagnostics())


def toml(value):
    """A value of Python as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (str, os.PathLike)):
        return json.dumps(os.fspath(value), ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml, value)) + "]"
    if hasattr(value, "items"):
        return "{" + ", ".join(f"{toml(str(key))} = {toml(item)}" for key, item in value.items()) + "}"
    raise InputError(f"an override is a boolean, a number, a text, a list or a dictionary, not {value!r}")


# Messages may quote a file's bytes.
def _decoded(text):
    return text.decode("utf-8", "replace")
