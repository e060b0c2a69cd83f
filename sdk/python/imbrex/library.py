"""The functions of libimbrex_session.so (imbrex/session.h), by ctypes."""

import ctypes
import functools
import os
import pathlib

from imbrex.errors import FailedError

__all__ = ["INTERFACE", "ON_PROGRESS", "library"]

#: That this package was written for: the number in the library's name.
INTERFACE = 1
NAME = f"libimbrex_session.so.{INTERFACE}"


class DiagnosticStruct(ctypes.Structure):
    _fields_ = [("severity", ctypes.c_char_p), ("message", ctypes.c_char_p), ("file", ctypes.c_char_p),
                ("line", ctypes.c_uint32), ("column", ctypes.c_uint32), ("suggestion", ctypes.c_char_p),
                ("excerpt", ctypes.c_char_p)]


class ProgressStruct(ctypes.Structure):
    _fields_ = [("component", ctypes.c_char_p), ("what", ctypes.c_char_p), ("stage", ctypes.c_size_t),
                ("stages", ctypes.c_size_t), ("is_baseline", ctypes.c_int), ("fraction", ctypes.c_double),
                ("evaluations", ctypes.c_int64), ("has_best", ctypes.c_int), ("best", ctypes.c_double),
                ("elapsed_s", ctypes.c_double)]


ON_PROGRESS = ctypes.CFUNCTYPE(None, ctypes.POINTER(ProgressStruct), ctypes.c_void_p)
ON_LOG = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)

TEXT, HANDLE, STATUS = ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int
#: Name after "imbrex_session_" -> type of the result, types of the arguments.
FUNCTIONS = {
    "version": (TEXT,),
    "create": (HANDLE,),
    "destroy": (None, HANDLE),
    "add_plugin": (STATUS, HANDLE, TEXT),
    "read_file": (STATUS, HANDLE, TEXT),
    "read_text": (STATUS, HANDLE, TEXT, TEXT),
    "set": (STATUS, HANDLE, TEXT),
    "unset": (STATUS, HANDLE, TEXT),
    "use_profile": (STATUS, HANDLE, TEXT),
    "resolve": (STATUS, HANDLE),
    "plan_toml": (TEXT, HANDLE, TEXT),
    "status": (STATUS, HANDLE),
    "message": (TEXT, HANDLE),
    "diagnostic_count": (ctypes.c_size_t, HANDLE),
    "diagnostic": (ctypes.POINTER(DiagnosticStruct), HANDLE, ctypes.c_size_t),
    "on_progress": (None, HANDLE, ON_PROGRESS, ctypes.c_void_p),
    "on_log": (None, HANDLE, ON_LOG, ctypes.c_void_p),
    "run": (STATUS, HANDLE, ctypes.c_int),
    "cancel": (None, HANDLE),
    "result_json": (TEXT, HANDLE),
    "write": (STATUS, HANDLE, TEXT, ctypes.c_int),
    "components_json": (TEXT, HANDLE),
    "describe_json": (TEXT, HANDLE, TEXT),
}


def _open():
    named = os.environ.get("IMBREX_LIBRARY")
    if named:
        return ctypes.CDLL(named)
    # PREFIX/lib/python3/dist-packages/imbrex/library.py
    beside = pathlib.Path(__file__).resolve().parents[3] / NAME
    return ctypes.CDLL(str(beside) if beside.exists() else NAME)


@functools.lru_cache(maxsize=None)
def library():
    """The opened library; every function's types are set. Errors: FailedError."""
    try:
        opened = _open()
        interface = opened.imbrex_session_interface()
    except (OSError, AttributeError) as error:
        raise FailedError(
            f"cannot load {NAME}: {error}; IMBREX_LIBRARY names the file where it lies elsewhere") from None
    if interface != INTERFACE:
        raise FailedError(f"{opened._name} has interface {interface}, this package needs {INTERFACE}")
    for name, (result, *arguments) in FUNCTIONS.items():
        function = getattr(opened, "imbrex_session_" + name)
        function.restype = result
        function.argtypes = arguments
    return opened
