"""A master that grants what is demanded and runs tasks as processes: what executors need of a cluster, and no more."""

import asyncio
import os
import signal
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import grpc
from fake_master import TOKEN, add_session_service, updates

from reeve import Cluster, State
from reeve.v1 import framework_session_pb2 as pb
from reeve.v1 import job_pb2
from reeve.wire import unpack


class FakeCluster:
    """`slots` tasks at a time. For one framework at a time; it remembers tasks while it is away."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self.processes: dict[str, asyncio.subprocess.Process] = {}
        self.launched: list[str] = []
        self.most = 0
        self.torn_down = False
        self._ended: dict[str, tuple[State, int]] = {}
        self._wanted: list[pb.ShapeDemand] = []
        self._offered = 0
        self._context: Any = None
        self._watches: set[asyncio.Future[None]] = set()
        self._ids = iter(range(1, 1 << 30))

    def kill(self, task: str, with_signal: int = signal.SIGKILL) -> None:
        """Ends a task's process as a machine's mishap would."""
        os.kill(self.processes[task].pid, with_signal)

    async def handle(self, requests: AsyncIterator[pb.FrameworkUp], context: Any) -> None:
        self._context = context
        async for message in requests:
            match message.WhichOneof("message"):
                case "subscribe":
                    await self._say(
                        subscribed=pb.Subscribed(
                            framework=message.subscribe.framework, job="job", term=1, heartbeat_micros=200_000
                        )
                    )
                case "demand":
                    self._wanted, self._offered = list(message.demand.shapes), 0
                case "accept":
                    await self._launch(message.accept.tasks)
                case "kill":
                    for task in message.kill.tasks:
                        if task in self.processes:
                            self.kill(task, signal.SIGTERM)
                case "reconcile":
                    for task in message.reconcile.tasks:
                        await self._tell(task)
                case "tear_down":
                    self.torn_down = True
                    await self.end()
                case "heartbeat":
                    await self._say(heartbeat={})
            if message.serial:
                await self._say(reply=pb.FrameworkReply(serial=message.serial))
            await self._offer()

    async def end(self) -> None:
        for process in self.processes.values():
            process.kill()
        await asyncio.gather(*(process.wait() for process in self.processes.values()))

    async def _say(self, **message: Any) -> None:
        # It may have left.
        with suppress(grpc.aio.UsageError):
            await self._context.write(pb.FrameworkDown(**message))

    async def _offer(self) -> None:
        free = self.slots - len(self.processes) - self._offered
        for shape in self._wanted:
            count = min(free, shape.count)
            if count > 0:
                self._offered += count
                offer = pb.Offer(
                    id=next(self._ids), key=shape.key, shape=shape.shape, count=count, rack="r", expires_micros=10**9
                )
                await self._say(offers=pb.Offers(offers=[offer]))
        self._wanted = []

    async def _launch(self, spec: job_pb2.JobSpec) -> None:
        self._offered = 0
        for name, place in zip(unpack(spec.tasks.names), spec.tasks.templates, strict=True):
            template = spec.templates[place]
            environment = {variable.name: variable.value for variable in template.environment}
            process = await asyncio.create_subprocess_exec(
                *template.command,
                env={"PATH": os.environ["PATH"], "REEVE_TASK_ID": name, "REEVE_ATTEMPT": "1", **environment},
                cwd=tempfile.gettempdir(),
            )
            self.processes[name] = process
            self.launched.append(name)
            self.most = max(self.most, len(self.processes))
            self._watches.add(asyncio.ensure_future(self._await_end(name, process)))

    async def _await_end(self, name: str, process: asyncio.subprocess.Process) -> None:
        status = await process.wait()
        del self.processes[name]
        self._ended[name] = (State.FAILED if status else State.SUCCEEDED, status)
        await self._tell(name)
        await self._offer()

    async def _tell(self, task: str) -> None:
        running = State.RUNNING if task in self.processes else State.UNKNOWN
        state, status = self._ended.get(task, (running, 0))
        message = updates([(0, task, state)])
        message.statuses[0] = status
        await self._say(updates=message)


@contextmanager
def fake_cluster(slots: int) -> Iterator[tuple[FakeCluster, Cluster]]:
    """One on a port of its own, in a thread of its own."""
    fake = FakeCluster(slots)
    started: asyncio.Future[int] = asyncio.Future(loop=(loop := asyncio.new_event_loop()))
    stopping = asyncio.Event()
    ready = threading.Event()

    async def serve() -> None:
        server = grpc.aio.server()
        add_session_service(server, fake.handle)
        started.set_result(server.add_insecure_port("127.0.0.1:0"))
        await server.start()
        ready.set()
        await stopping.wait()
        await fake.end()
        await server.stop(0)

    thread = threading.Thread(target=loop.run_until_complete, args=[serve()])
    thread.start()
    ready.wait()
    try:
        yield fake, Cluster([f"127.0.0.1:{started.result()}"], TOKEN)
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
