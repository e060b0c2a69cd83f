"""How a run may fail, by exit code of the command."""

__all__ = ["Diagnostic", "FailedError", "ImbrexError", "InfeasibleError", "InputError", "Interrupted"]

import collections

#: One message in its parts. severity: "error", "warning" or "note"; line and column from 1, 0 for none.
Diagnostic = collections.namedtuple("Diagnostic", "severity message file line column suggestion excerpt")


class ImbrexError(Exception):
    """What the command would print; `diagnostics` has it in parts."""

    def __init__(self, message, diagnostics=()):
        super().__init__(message)
        self.diagnostics = list(diagnostics)


class InputError(ImbrexError):
    """A recipe, a file, an override or an argument that is not right."""


class InfeasibleError(ImbrexError):
    """No design fits; the message says what lacks, and by how much."""


class FailedError(ImbrexError):
    """A component or the machine failed; the message names the component."""


class Interrupted(ImbrexError):
    """Cancelled before there was anything worth keeping."""
