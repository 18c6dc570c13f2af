"""Calls on the executor's side: how they are packed, and how what comes back becomes a future's."""

import hashlib
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import cloudpickle

from . import frames


class Function(NamedTuple):
    """A callable as it travels: its pickle, and what names that."""

    digest: bytes
    pickled: bytes

    @classmethod
    def pack(cls, callable: Callable[..., Any]) -> "Function":
        """Functions of modules by name; those of the program itself, lambdas and closures by value."""
        pickled = cloudpickle.dumps(callable)
        return cls(hashlib.blake2b(pickled, digest_size=16).digest(), pickled)


@dataclass(slots=True, eq=False)
class Call:
    """One that has not ended."""

    key: bytes
    function: Function
    arguments: bytes
    future: "Future[Any]"
    losses: int = 0
    """How many workers have died with it."""
    worker: str = ""
    """The task whose worker has it; empty while it waits."""
    cost: float = 0
    """Seconds that it is expected to take, as of when it was sent."""


def pack_arguments(args: Sequence[Any], kwargs: dict[str, Any]) -> bytes:
    """By value where it must be, as functions are."""
    data: bytes = cloudpickle.dumps((args, kwargs), pickle.HIGHEST_PROTOCOL)
    return data


def settle(call: Call, result: frames.Result) -> None:
    """Gives a call's future what came back; nothing where it was cancelled meanwhile."""
    if not call.future.set_running_or_notify_cancel():
        return
    try:
        outcome = pickle.loads(result.outcome)
    except Exception as error:
        error.add_note("What the worker sent back cannot be read here.")
        return call.future.set_exception(error)
    if result.succeeded:
        call.future.set_result(outcome)
    else:
        call.future.set_exception(outcome)


def chunks(iterables: Sequence[Iterable[Any]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    """The arguments of `map`, so many calls together."""
    rows = zip(*iterables, strict=False)
    while chunk := list(islice(rows, size)):
        yield chunk
