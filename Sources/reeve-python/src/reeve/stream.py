"""One stream to one master."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, NoReturn

import grpc

from .cluster import Cluster
from .errors import ReeveError, from_status
from .v1 import framework_session_pb2 as pb
from .v1 import rack_session_pb2

_METHOD = "/reeve.v1.FrameworkSession/Open"
_MESSAGE_BYTES_MAX = 64 << 20
_OPTIONS = [
    ("grpc.max_receive_message_length", _MESSAGE_BYTES_MAX),
    ("grpc.max_send_message_length", _MESSAGE_BYTES_MAX),
    # Another try is this module's to make: a connection shared with the try before would wait for its back-off.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_http_proxy", 0),
]
# Until the master has named its own, for which it has 15 s. Short, for its first own beat may come so late.
_FIRST_HEARTBEAT = 0.2
_FIRST_SILENT_BEATS_MAX = 75
_SILENT_BEATS_MAX = 3

Call = grpc.aio.StreamStreamCall[pb.FrameworkUp, pb.FrameworkDown]


class Stream:
    """What is sent goes out in order; heartbeats are this class's affair."""

    def __init__(self) -> None:
        self.heartbeat = _FIRST_HEARTBEAT
        """Seconds within which both ends say something."""
        self._outbox: asyncio.Queue[pb.FrameworkUp | None] = asyncio.Queue()
        self._said = False
        self._silent_beats: float = _SILENT_BEATS_MAX - _FIRST_SILENT_BEATS_MAX

    def send(self, message: pb.FrameworkUp) -> None:
        """Queues a message; it is lost with the stream."""
        self._outbox.put_nowait(message)

    def finish(self) -> None:
        """Ends the stream behind all that was queued; the master then ends its side."""
        self._outbox.put_nowait(None)

    async def run(self, cluster: Cluster, address: str, receive: Callable[[pb.FrameworkDown], None]) -> NoReturn:
        """Ends by cancellation or with a `ReeveError` that says what ended the stream."""
        async with grpc.aio.insecure_channel(address, _OPTIONS) as channel:
            call = _open(channel, cluster.token)
            tasks = [asyncio.create_task(work) for work in (self._read(call, receive), self._beat(), self._write(call))]
            try:
                # A write that fails says nothing that the read would not say better.
                done, _ = await asyncio.wait(tasks[:2], return_when=asyncio.FIRST_COMPLETED)
                await done.pop()
                raise ReeveError("unavailable", "The master ended the stream.")
            except grpc.aio.AioRpcError as error:
                raise from_status(error) from None
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self, call: Call, receive: Callable[[pb.FrameworkDown], None]) -> None:
        async for message in call:
            self._silent_beats = 0
            receive(message)

    async def _write(self, call: Call) -> None:
        with contextlib.suppress(grpc.aio.AioRpcError, asyncio.InvalidStateError):
            while message := await self._outbox.get():
                await call.write(message)
                self._said = True
            await call.done_writing()

    async def _beat(self) -> NoReturn:
        # Its own beats are counted, not the clock: time in which this process did not run is not the master's silence.
        while self._silent_beats < _SILENT_BEATS_MAX:
            await asyncio.sleep(self.heartbeat / 2)
            self._silent_beats += 0.5
            if not self._said:
                self.send(pb.FrameworkUp(heartbeat=rack_session_pb2.Heartbeat()))
            self._said = False
        raise ReeveError(
            "unavailable", f"The master was silent for {_SILENT_BEATS_MAX} heartbeats of {self.heartbeat} s."
        )


def _open(channel: grpc.aio.Channel, token: str) -> Call:
    # Of the service's stub all that is needed is this one method, so that no plugin of protoc is.
    method: grpc.aio.StreamStreamMultiCallable[Any, Any] = channel.stream_stream(
        _METHOD,
        request_serializer=pb.FrameworkUp.SerializeToString,
        response_deserializer=pb.FrameworkDown.FromString,
    )
    return method(metadata=(("authorization", f"Bearer {token}"),))
