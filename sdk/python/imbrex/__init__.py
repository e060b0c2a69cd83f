"""Runs recipes, and reads what runs left.

    import imbrex
    result = imbrex.run("recipe.toml", set={"architecture.extra_pes": 32})
    result["metrics"]["latency_ps"]

`run` gives the dictionary that result.json holds. The library that it needs is loaded when it is first used;
`imbrex.results` alone needs nothing but the standard library.
"""

from imbrex.errors import FailedError, ImbrexError, InfeasibleError, InputError, Interrupted
from imbrex.results import Experiment, Result, read_experiment, read_result, read_results
from imbrex.session import RunResult, Session, components, describe, run, version

__all__ = [
    "Experiment", "FailedError", "ImbrexError", "InfeasibleError", "InputError", "Interrupted", "Result", "RunResult",
    "Session", "components", "describe", "read_experiment", "read_result", "read_results", "run", "version",
]
