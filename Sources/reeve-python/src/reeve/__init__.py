"""Frameworks for Reeve clusters.

`Framework` speaks the offer protocol; `ReeveExecutor` runs calls of Python functions as `concurrent.futures` does.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cluster import Cluster
    from .errors import FrameworkGone, ReeveError, SessionEnded, WorkerLost
    from .executor import ReeveExecutor, ReeveFuture
    from .framework import Framework
    from .model import Constraint, Demand, Offer, Resources, State, Task, Update

_PLACES = {
    "Cluster": "cluster",
    "Constraint": "model",
    "Demand": "model",
    "Framework": "framework",
    "FrameworkGone": "errors",
    "Offer": "model",
    "ReeveError": "errors",
    "ReeveExecutor": "executor",
    "ReeveFuture": "executor",
    "Resources": "model",
    "SessionEnded": "errors",
    "State": "model",
    "Task": "model",
    "Update": "model",
    "WorkerLost": "errors",
}

__all__ = [
    "Cluster",
    "Constraint",
    "Demand",
    "Framework",
    "FrameworkGone",
    "Offer",
    "ReeveError",
    "ReeveExecutor",
    "ReeveFuture",
    "Resources",
    "SessionEnded",
    "State",
    "Task",
    "Update",
    "WorkerLost",
]


def __getattr__(name: str) -> object:
    # An executor's workers import this package too, and do without gRPC, which takes several times as long as their start.
    if name in _PLACES:
        return getattr(import_module(f".{_PLACES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
