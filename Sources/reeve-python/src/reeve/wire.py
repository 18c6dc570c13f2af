"""From the words of `model` to messages, and back."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

from . import quantity
from .model import Demand, Offer, Resources, State, Task, Update
from .v1 import framework_session_pb2 as pb
from .v1 import job_pb2

T = TypeVar("T")

_ON_NODE_LOSS = ("requeue", "wait", "fail")


def demand(demands: Iterable[Demand]) -> pb.Demand:
    """What is wanted, as a message. Raises `ReeveError` for amounts that make no sense."""
    return pb.Demand(
        shapes=[
            pb.ShapeDemand(
                key=demand.key,
                shape=_resources(demand.shape),
                count=demand.count,
                racks=demand.racks,
                wait_micros=quantity.micros(demand.wait, f"demands[{place}].wait"),
                kind=pb.SLICE_KIND_PINNED if demand.pinned else pb.SLICE_KIND_POOLED,
                constraints=[
                    job_pb2.AttributeConstraint(
                        attribute=constraint.attribute,
                        values=constraint.values,
                        **{"not": constraint.excluded},  # a keyword of Python
                    )
                    for constraint in demand.constraints
                ],
            )
            for place, demand in enumerate(demands)
        ]
    )


def offers(message: pb.Offers) -> list[Offer]:
    """Offers as values; their time to expire begins now."""
    now = time.monotonic()
    return [
        Offer(
            id=offer.id,
            key=offer.key,
            shape=_read_resources(offer.shape),
            count=offer.count,
            rack=offer.rack,
            pinned=offer.kind == pb.SLICE_KIND_PINNED,
            node=offer.node,
            expires=now + offer.expires_micros / 1e6,
        )
        for offer in message.offers
    ]


def updates(message: pb.TaskUpdates) -> Iterator[Update]:
    """The rows of its columns, of which any may be empty as a whole where all of it is zero."""
    tasks = unpack(message.names)

    def column(values: Sequence[T], zero: T) -> Sequence[T]:
        return values or [zero] * len(tasks)

    columns = zip(
        column(message.ids, 0),
        tasks,
        column(message.states, 0),
        column(unpack(message.reasons), ""),
        column(message.statuses, 0),
        column(unpack(message.nodes), ""),
        column(message.attempts, 0),
        strict=True,
    )
    for id, task, state, reason, status, node, attempt in columns:
        yield Update(task, State(state), reason, status, node, attempt, id)


def accept(framework: str, offers: Iterable[Offer], tasks: Sequence[Task], addition: str) -> pb.Accept:
    """The tasks in columns, what they have in common once. Raises `ReeveError` for amounts that make no sense."""
    places: dict[bytes, int] = {}
    templates: list[job_pb2.TaskTemplate] = []
    columns: list[int] = []
    for place, task in enumerate(tasks):
        template = _template(task, f"tasks[{place}]")
        key = template.SerializeToString(deterministic=True)
        if key not in places:
            places[key] = len(templates)
            templates.append(template)
        columns.append(places[key])
    return pb.Accept(
        offers=[offer.id for offer in offers],
        tasks=job_pb2.JobSpec(
            id=framework,
            addition=addition,
            templates=templates,
            tasks=job_pb2.TaskColumns(
                names=pack(task.id for task in tasks),
                templates=columns,
                arguments=_pack_lists(task.arguments for task in tasks),
                dependency_ends=[0] * len(tasks),
            ),
        ),
    )


def pack(strings: Iterable[str]) -> job_pb2.PackedStrings:
    """Many strings in two columns: their bytes, and where each ends."""
    data = bytearray()
    ends = []
    for string in strings:
        data += string.encode()
        ends.append(len(data))
    return job_pb2.PackedStrings(data=bytes(data), ends=ends)


def unpack(packed: job_pb2.PackedStrings) -> list[str]:
    """The strings of two columns."""
    return [packed.data[start:end].decode() for start, end in pairwise([0, *packed.ends])]


def _pack_lists(lists: Iterable[Sequence[str]]) -> job_pb2.PackedLists:
    strings: list[str] = []
    ends = []
    for each in lists:
        strings += each
        ends.append(len(strings))
    return job_pb2.PackedLists(strings=pack(strings), ends=ends)


def _template(task: Task, field: str) -> job_pb2.TaskTemplate:
    return job_pb2.TaskTemplate(
        command=task.command,
        environment=_variables(task.environment),
        resources=_resources(task.resources),
        time_limit_micros=quantity.micros(task.time_limit, f"{field}.time_limit"),
        grace_micros=quantity.micros(task.grace, f"{field}.grace"),
        priority=task.priority,
        directory=task.directory,
        on_node_loss=_ON_NODE_LOSS.index(task.on_node_loss),
        labels=_variables(task.labels),
    )


def _variables(values: Mapping[str, str]) -> list[job_pb2.Variable]:
    return [job_pb2.Variable(name=name, value=values[name]) for name in sorted(values)]


def _resources(resources: Resources) -> job_pb2.Resources:
    return job_pb2.Resources(cpu_millis=resources.cpu_millis, memory=resources.memory, disk=resources.disk)


def _read_resources(message: job_pb2.Resources) -> Resources:
    return Resources(f"{message.cpu_millis}m", message.memory, message.disk)
