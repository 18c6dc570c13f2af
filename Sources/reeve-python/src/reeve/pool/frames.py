"""What an executor and its workers say to each other: pickles behind their length, once both have shown that they know the
pool's secret.

Written for both ends: asyncio in the executor, plain sockets in the worker, whose start it would otherwise double.
"""

from __future__ import annotations

import hmac
import pickle
import secrets
import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import asyncio
    import socket

_LENGTH = struct.Struct("!Q")
_NONCE_BYTES = 32


class Hello(NamedTuple):
    """A worker's first frame: all that it has. What it was sent and does not name has not arrived and never will."""

    task: str
    attempt: int
    """As updates have it: it grows."""
    held: list[bytes]
    """Keys of calls that wait or run."""
    results: list[Result]
    """Those that were not yet said to be kept."""


class Call(NamedTuple):
    """A call on its way to a worker."""

    key: bytes
    function: bytes
    """Digest of the function's pickle, which travels once a connection."""
    arguments: bytes
    """Pickled: a tuple and a dictionary."""


class Result(NamedTuple):
    """How a call ended."""

    key: bytes
    succeeded: bool
    outcome: bytes
    """Pickled: what was returned, or the exception."""
    seconds: float


class Welcome(NamedTuple):
    """The executor's first frame: where its modules are."""

    path: list[str]


class Calls(NamedTuple):
    """To be run in this order."""

    calls: list[Call]
    functions: dict[bytes, bytes]
    forget: bool
    """Functions of earlier frames are not referred to any more."""


class GiveBack(NamedTuple):
    """Asks for the calls that have not begun."""


class Kept(NamedTuple):
    """These results are on disk: the worker can forget them."""

    keys: list[bytes]


class Leave(NamedTuple):
    """There is nothing more to do."""


class Results(NamedTuple):
    """In the order in which the calls ended."""

    results: list[Result]


class GivenBack(NamedTuple):
    """Calls that have not begun, and will not."""

    keys: list[bytes]


Frame = Hello | Welcome | Calls | GiveBack | Kept | Leave | Results | GivenBack


def encode(frame: Frame) -> bytes:
    """A frame with its length before it."""
    data = pickle.dumps(frame, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(data)) + data


async def read(reader: asyncio.StreamReader) -> Frame:
    """Raises `IncompleteReadError` at the end. Only for peers that have been admitted: a pickle can do anything."""
    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    frame: Frame = pickle.loads(await reader.readexactly(length))
    return frame


def receive(connection: socket.socket) -> Frame:
    """The same on a socket; raises `EOFError` at the end."""
    (length,) = _LENGTH.unpack(_receive_exactly(connection, _LENGTH.size))
    frame: Frame = pickle.loads(_receive_exactly(connection, length))
    return frame


async def admit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, secret: bytes) -> None:
    """Lets a worker show that it knows the secret, and shows it in turn. Raises `PermissionError`.

    What `multiprocessing.connection` does; its functions block, and have no form for asyncio.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    writer.write(nonce)
    answer = await reader.readexactly(2 * _NONCE_BYTES)
    proof, counter_nonce = answer[:_NONCE_BYTES], answer[_NONCE_BYTES:]
    if not hmac.compare_digest(proof, _proof(secret, b"worker", nonce)):
        raise PermissionError("a worker without the pool's secret")
    writer.write(_proof(secret, b"executor", counter_nonce))


def enter(connection: socket.socket, secret: bytes) -> None:
    """The worker's side of `admit`."""
    nonce = _receive_exactly(connection, _NONCE_BYTES)
    counter_nonce = secrets.token_bytes(_NONCE_BYTES)
    connection.sendall(_proof(secret, b"worker", nonce) + counter_nonce)
    proof = _receive_exactly(connection, _NONCE_BYTES)
    if not hmac.compare_digest(proof, _proof(secret, b"executor", counter_nonce)):
        raise PermissionError("an executor without the pool's secret")


def _proof(secret: bytes, side: bytes, nonce: bytes) -> bytes:
    # The side is in it, so that neither can be answered with its own words.
    return hmac.digest(secret, side + nonce, "sha256")


def _receive_exactly(connection: socket.socket, count: int) -> bytes:
    data = bytearray(count)
    view = memoryview(data)
    while view:
        received = connection.recv_into(view)
        if not received:
            raise EOFError
        view = view[received:]
    return bytes(data)
