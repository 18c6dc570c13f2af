"""Frameworks for Reeve clusters: `Framework` speaks the offer protocol."""

from .cluster import Cluster
from .errors import ReeveError, SessionEnded
from .framework import Framework
from .model import Constraint, Demand, Offer, Resources, State, Task, Update

__all__ = [
    "Cluster",
    "Constraint",
    "Demand",
    "Framework",
    "Offer",
    "ReeveError",
    "Resources",
    "SessionEnded",
    "State",
    "Task",
    "Update",
]
