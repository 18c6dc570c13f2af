"""The words of frameworks, as values."""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from . import quantity


@dataclass(frozen=True, slots=True, init=False)
class Resources:
    """An amount of cpu (thousandths of a core), memory and disk (bytes).

    Made of what a job file takes: `Resources(cpus=0.5, memory="512MiB", disk="1GB")`.
    """

    cpu_millis: int
    memory: int
    disk: int

    def __init__(self, cpus: float | str = 1, memory: int | str = "64MiB", disk: int | str = 0) -> None:
        object.__setattr__(self, "cpu_millis", quantity.cpu_millis(cpus, "cpus"))
        object.__setattr__(self, "memory", quantity.size(memory, "memory"))
        object.__setattr__(self, "disk", quantity.size(disk, "disk"))


@dataclass(frozen=True, slots=True)
class Constraint:
    """An attribute that a node must have with one of `values`; with `excluded`, with none of them, or not at all.

    Every node has its name and that of its rack as `node` and `rack`, and what its agent was started with. Tasks that are
    accepted for a demand run only on nodes that meet all of its constraints.
    """

    attribute: str
    values: Sequence[str]
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """So many slices of a shape that are wanted.

    `key` is the framework's name for it, from 0, which offers bear. Of the `racks`, where some are named, others are
    offered only after `wait` (seconds, or a text such as "5s"). A `pinned` slice is one node's, which its rack has set
    aside; of another the rack picks the node.
    """

    shape: Resources
    count: int
    key: int = 0
    racks: Sequence[str] = ()
    wait: float | str = 0
    pinned: bool = False
    constraints: Sequence[Constraint] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """`count` slices of one shape on one rack. Tasks go into them, one or several into each."""

    id: int
    key: int
    """Of the demand that it is for."""
    shape: Resources
    count: int
    rack: str
    pinned: bool
    node: str
    """Whose the slices are; empty where they are not pinned."""
    expires: float
    """On the clock of `time.monotonic`."""


@dataclass(frozen=True, slots=True)
class Task:
    """What to run in a slice.

    `id` is unique within the framework for its life. What tasks have in common travels once: give alike tasks the same
    `command` and put what differs into `arguments`, which follow it. Times are seconds or texts such as "10m".
    """

    id: str
    command: Sequence[str]
    arguments: Sequence[str] = ()
    resources: Resources = field(default_factory=Resources)
    environment: Mapping[str, str] = field(default_factory=dict)
    directory: str = ""
    """Where it runs; empty: a directory of its own."""
    time_limit: float | str = 0
    """The longest that one attempt may run; 0: no limit."""
    grace: float | str = 5
    """From SIGTERM to SIGKILL."""
    priority: int = 0
    on_node_loss: Literal["requeue", "wait", "fail"] = "requeue"
    labels: Mapping[str, str] = field(default_factory=dict)


class State(enum.Enum):
    """Where a task is in its life."""

    UNKNOWN = 0
    """The framework has no such task."""
    QUEUED = 1
    """Accepted; or it has come back, and the master places it again by itself."""
    ASSIGNED = 2
    RUNNING = 3
    SUCCEEDED = 4
    FAILED = 5
    CANCELLED = 6

    @property
    def ended(self) -> bool:
        """Whether nothing follows."""
        return self.value >= State.SUCCEEDED.value


@dataclass(frozen=True, slots=True)
class Update:
    """The latest state of a task."""

    task: str
    state: State
    reason: str
    """A code such as `out-of-memory`; empty where all is well."""
    status: int
    """Exit code, or minus the signal."""
    node: str
    """Where it runs or ran; empty where it does not."""
    attempt: int
    id: int
    """What is acknowledged; 0 where nothing is."""


def slices_taken(offers: Iterable[Offer], tasks: Iterable[Resources]) -> Counter[int]:
    """How many slices of each demand's key the tasks fill, from the first offer on."""
    tasks = list(tasks)
    left = [
        sum(task.cpu_millis for task in tasks),
        sum(task.memory for task in tasks),
        sum(task.disk for task in tasks),
    ]
    taken: Counter[int] = Counter()
    for offer in offers:
        slice = [offer.shape.cpu_millis, offer.shape.memory, offer.shape.disk]
        wanted = max((-(-amount // each) for amount, each in zip(left, slice, strict=True) if each), default=0)
        count = min(offer.count, wanted)
        taken[offer.key] += count
        left = [max(0, amount - count * each) for amount, each in zip(left, slice, strict=True)]
    return taken
