"""One stream to one master."""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
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


class Stream:
    """What is sent goes out in order; heartbeats are this class's affair.

    gRPC's threads, not its asyncio: that one forgets the status which a stream has ended with if something is being sent at
    that moment, and whether to open another one hangs on it.
    """

    def __init__(self) -> None:
        self.heartbeat = _FIRST_HEARTBEAT
        """Seconds within which both ends say something."""
        self._outbox: queue.SimpleQueue[pb.FrameworkUp | None] = queue.SimpleQueue()
        self._said = False
        self._silent_beats: float = _SILENT_BEATS_MAX - _FIRST_SILENT_BEATS_MAX

    def send(self, message: pb.FrameworkUp) -> None:
        """Queues a message; it is lost with the stream."""
        self._outbox.put(message)
        self._said = True

    def finish(self) -> None:
        """Ends the stream behind all that was queued; the master then ends its side."""
        self._outbox.put(None)

    async def run(self, cluster: Cluster, address: str, receive: Callable[[pb.FrameworkDown], None]) -> NoReturn:
        """Ends by cancellation, with a `ReeveError` that says what ended the stream, or with what `receive` raised."""
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[NoReturn] = loop.create_future()

        def take_in(message: pb.FrameworkDown) -> None:
            self._silent_beats = 0
            if not ended.done():
                try:
                    receive(message)
                except Exception as error:
                    ended.set_exception(error)

        def note_end(error: ReeveError) -> None:
            if not ended.done():
                ended.set_exception(error)

        def listen() -> None:
            # The loop may be closed before the last words arrive.
            with suppress(RuntimeError):
                try:
                    for message in call:
                        loop.call_soon_threadsafe(take_in, message)
                    loop.call_soon_threadsafe(note_end, ReeveError("unavailable", "The master ended the stream."))
                except grpc.RpcError as error:
                    loop.call_soon_threadsafe(note_end, from_status(error))

        channel = grpc.insecure_channel(address, _OPTIONS)
        call = _open(channel, cluster.token, iter(self._outbox.get, None))
        threading.Thread(target=listen, name="reeve-stream", daemon=True).start()
        beating = asyncio.create_task(self._beat())
        try:
            await asyncio.wait([ended, beating], return_when=asyncio.FIRST_COMPLETED)
            await (ended if ended.done() else beating)
            raise AssertionError("a stream that ends says why")
        finally:
            ended.cancel()
            beating.cancel()
            self.finish()
            channel.close()

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


def _open(channel: grpc.Channel, token: str, messages: Iterator[Any]) -> Iterator[pb.FrameworkDown]:
    # Of the service's stub all that is needed is this one method, so that no plugin of protoc is.
    method: grpc.StreamStreamMultiCallable[Any, pb.FrameworkDown] = channel.stream_stream(
        _METHOD,
        request_serializer=pb.FrameworkUp.SerializeToString,
        response_deserializer=pb.FrameworkDown.FromString,
    )
    return method(messages, metadata=(("authorization", f"Bearer {token}"),))
