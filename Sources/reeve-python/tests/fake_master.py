"""A master that says what a test tells it to say."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import grpc

from reeve import Cluster, State
from reeve.v1 import framework_session_pb2 as pb
from reeve.v1 import job_pb2, scheduler_pb2
from reeve.wire import pack

TOKEN = "0123456789abcdef0123456789abcdef"
WAIT = 5.0


class MasterStream:
    """The master's end of one stream."""

    def __init__(self, context: Any, metadata: dict[str, str]) -> None:
        self.metadata = metadata
        self._context = context
        self._heard: asyncio.Queue[pb.FrameworkUp] = asyncio.Queue()
        self._ended: asyncio.Future[tuple[grpc.StatusCode, str]] = asyncio.get_running_loop().create_future()

    async def expect(self, kind: str) -> pb.FrameworkUp:
        """The next message but heartbeats, which is to be of a kind."""
        async with asyncio.timeout(WAIT):
            while (message := await self._heard.get()).WhichOneof("message") == "heartbeat":
                pass
        assert message.WhichOneof("message") == kind, f"{kind} expected, not {message}"
        return message

    async def acknowledged(self, count: int) -> list[int]:
        """The next acknowledgements, however many messages they come in."""
        ids: list[int] = []
        while len(ids) < count:
            ids += (await self.expect("acknowledge")).acknowledge.ids
        return ids

    async def hears_nothing(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        while not self._heard.empty():
            assert self._heard.get_nowait().WhichOneof("message") == "heartbeat"

    async def hears_a_heartbeat(self, within: float) -> None:
        async with asyncio.timeout(within):
            while (await self._heard.get()).WhichOneof("message") != "heartbeat":
                pass

    async def say(self, **message: Any) -> None:
        await self._context.write(pb.FrameworkDown(**message))

    async def subscribe(self, *, resumed: bool = False, heartbeat: float = 1) -> pb.Subscribe:
        """Takes the subscription."""
        subscribe = (await self.expect("subscribe")).subscribe
        await self.say(
            subscribed=pb.Subscribed(
                framework=subscribe.framework,
                job=f"job-{subscribe.framework}",
                term=7,
                resumed=resumed,
                capabilities=["messages"],
                heartbeat_micros=int(heartbeat * 1e6),
            )
        )
        return subscribe

    async def reply(self, to: pb.FrameworkUp, tasks: int = 0, problem: tuple[str, str, str] | None = None) -> None:
        """Answers; a problem is its code, field and message."""
        reply = pb.FrameworkReply(serial=to.serial, tasks=tasks)
        if problem:
            reply.problem.CopyFrom(scheduler_pb2.Problem(code=problem[0], field=problem[1], message=problem[2]))
        await self.say(reply=reply)

    async def offer(self, *ids: int, key: int = 0, count: int = 1, cpu_millis: int = 1_000) -> None:
        shape = job_pb2.Resources(cpu_millis=cpu_millis, memory=64 << 20)
        offers = [
            pb.Offer(id=id, key=key, shape=shape, count=count, rack="main", expires_micros=30_000_000) for id in ids
        ]
        await self.say(offers=pb.Offers(offers=offers))

    async def update(self, *rows: tuple[int, str, State]) -> None:
        """Tells of tasks: id of the update, task, state."""
        await self.say(updates=updates((*row, 1) for row in rows))

    def end(self, status: grpc.StatusCode = grpc.StatusCode.UNAVAILABLE, words: str = "over") -> None:
        if not self._ended.done():
            self._ended.set_result((status, words))

    async def run(self, requests: AsyncIterator[pb.FrameworkUp]) -> None:
        async def listen() -> None:
            async for message in requests:
                self._heard.put_nowait(message)

        listening = asyncio.create_task(listen())
        ends: list[asyncio.Future[Any]] = [listening, self._ended]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()
        if self._ended.done():
            await self._context.abort(*self._ended.result())


def updates(rows: Iterable[tuple[int, str, State, int]]) -> pb.TaskUpdates:
    """In columns: id of the update, task, state, attempt."""
    ids, tasks, states, attempts = zip(*rows, strict=True)
    return pb.TaskUpdates(
        ids=ids,
        names=pack(tasks),
        states=[state.value for state in states],
        reasons=pack("" for _ in ids),
        statuses=[0] * len(ids),
        nodes=pack("node-1" for _ in ids),
        attempts=attempts,
    )


class FakeMaster:
    """Takes streams in and hands them to the test."""

    def __init__(self) -> None:
        self._streams: asyncio.Queue[MasterStream] = asyncio.Queue()
        self.cluster = Cluster([], "")

    async def stream(self) -> MasterStream:
        """The next stream that a framework opens."""
        async with asyncio.timeout(WAIT):
            return await self._streams.get()

    async def handle(self, requests: AsyncIterator[pb.FrameworkUp], context: Any) -> None:
        stream = MasterStream(context, dict(context.invocation_metadata()))
        self._streams.put_nowait(stream)
        await stream.run(requests)


@asynccontextmanager
async def fake_master() -> AsyncIterator[FakeMaster]:
    """A master on a port of its own."""
    master = FakeMaster()
    server = grpc.aio.server()
    add_session_service(server, master.handle)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    master.cluster = Cluster([f"127.0.0.1:{port}"], TOKEN)
    try:
        yield master
    finally:
        await server.stop(0)


def add_session_service(server: Any, handler: Any) -> None:
    method = grpc.stream_stream_rpc_method_handler(
        handler,
        request_deserializer=pb.FrameworkUp.FromString,
        response_serializer=pb.FrameworkDown.SerializeToString,
    )
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("reeve.v1.FrameworkSession", {"Open": method}),)
    )
