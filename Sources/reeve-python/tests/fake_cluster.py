"""A master that grants what is demanded and runs tasks as processes: what executors need of a cluster, and no more."""

import asyncio
import os
import signal
import tempfile
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
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
        self.loop = asyncio.new_event_loop()
        self.slots = slots
        self.processes: dict[str, asyncio.subprocess.Process] = {}
        self.launched: list[str] = []
        self.most = 0
        self.torn_down = False
        self.framework = ""
        self.gone: set[str] = set()
        self._ended: dict[str, tuple[State, int]] = {}
        self._wanted: pb.ShapeDemand | None = None
        self._offered: dict[int, int] = {}
        self._context: Any = None
        self._templates: dict[str, job_pb2.TaskTemplate] = {}
        self._cut_off: list[asyncio.subprocess.Process] = []
        self._watches: set[asyncio.Future[None]] = set()
        self._writing = asyncio.Lock()
        self._ids = iter(range(1, 1 << 30))

    def kill(self, task: str, with_signal: int = signal.SIGKILL) -> None:
        """Ends a task's process as a machine's mishap would."""
        os.kill(self.processes[task].pid, with_signal)

    def cut_off(self, task: str) -> None:
        """Places a task again, as when its node is not heard of, while its process stands still with its connection."""
        asyncio.run_coroutine_threadsafe(self._place_again(task), self.loop).result()

    async def _place_again(self, task: str) -> None:
        lost = self.processes[task]
        lost.send_signal(signal.SIGSTOP)
        self._cut_off.append(lost)
        await self._say(updates=updates([(0, task, State.QUEUED, 1 << 40 | 1)]))
        await self._start(task, attempt=2)

    async def handle(self, requests: AsyncIterator[pb.FrameworkUp], context: Any) -> None:
        self._context = context
        async for message in requests:
            match message.WhichOneof("message"):
                case "subscribe":
                    if message.subscribe.framework in self.gone:
                        await context.abort(grpc.StatusCode.ABORTED, "it was removed")
                    self.framework = message.subscribe.framework
                    await self._say(
                        subscribed=pb.Subscribed(
                            framework=message.subscribe.framework, job="job", term=1, heartbeat_micros=200_000
                        )
                    )
                case "demand":
                    self._wanted = next(iter(message.demand.shapes), None)
                case "decline":
                    self._take_back(message.decline.offers)
                    self._wanted = None
                case "accept":
                    self._take_back(message.accept.offers)
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
                    self.gone.add(self.framework)
                    await self.end()
                case "heartbeat":
                    await self._say(heartbeat={})
            if message.serial:
                await self._say(reply=pb.FrameworkReply(serial=message.serial))
            await self._offer()

    async def end(self) -> None:
        processes = [*self.processes.values(), *self._cut_off]
        for process in processes:
            with suppress(ProcessLookupError):
                process.kill()
        await asyncio.gather(*(process.wait() for process in processes))

    async def _say(self, **message: Any) -> None:
        # It may have left; and a stream takes one write at a time.
        with suppress(grpc.aio.UsageError):
            async with self._writing:
                await self._context.write(pb.FrameworkDown(**message))

    def _take_back(self, offers: Iterable[int]) -> None:
        for offer in offers:
            del self._offered[offer]

    async def _offer(self) -> None:
        if not self._wanted:
            return
        offered = sum(self._offered.values())
        count = min(self.slots - len(self.processes), self._wanted.count) - offered
        if count > 0:
            id = next(self._ids)
            self._offered[id] = count
            shape = self._wanted.shape
            offer = pb.Offer(id=id, shape=shape, count=count, rack="main", expires_micros=60_000_000)
            await self._say(offers=pb.Offers(offers=[offer]))

    async def _launch(self, spec: job_pb2.JobSpec) -> None:
        if self._wanted:
            self._wanted.count -= min(self._wanted.count, len(spec.tasks.templates))
        for name, place in zip(unpack(spec.tasks.names), spec.tasks.templates, strict=True):
            self._templates[name] = spec.templates[place]
            await self._start(name, attempt=1)

    async def _start(self, name: str, attempt: int) -> None:
        template = self._templates[name]
        environment = {variable.name: variable.value for variable in template.environment}
        process = await asyncio.create_subprocess_exec(
            *template.command,
            env={"PATH": os.environ["PATH"], "REEVE_TASK_ID": name, "REEVE_ATTEMPT": f"1.{attempt}", **environment},
            cwd=tempfile.gettempdir(),
        )
        self.processes[name] = process
        self.launched.append(name)
        self.most = max(self.most, len(self.processes))
        self._watches.add(asyncio.ensure_future(self._await_end(name, process)))

    async def _await_end(self, name: str, process: asyncio.subprocess.Process) -> None:
        status = await process.wait()
        if self.processes.get(name) is not process:
            return
        del self.processes[name]
        self._ended[name] = (State.FAILED if status else State.SUCCEEDED, status)
        await self._tell(name)
        await self._offer()

    async def _tell(self, task: str) -> None:
        running = State.RUNNING if task in self.processes else State.UNKNOWN
        state, status = self._ended.get(task, (running, 0))
        message = updates([(0, task, state, 0)])
        message.statuses[0] = status
        await self._say(updates=message)


@contextmanager
def fake_cluster(slots: int) -> Iterator[tuple[FakeCluster, Cluster]]:
    """One on a port of its own, in a thread of its own."""
    fake = FakeCluster(slots)
    started: asyncio.Future[int] = asyncio.Future(loop=fake.loop)
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

    thread = threading.Thread(target=fake.loop.run_until_complete, args=[serve()])
    thread.start()
    ready.wait()
    try:
        yield fake, Cluster([f"127.0.0.1:{started.result()}"], TOKEN)
    finally:
        fake.loop.call_soon_threadsafe(stopping.set)
        thread.join()
        fake.loop.close()
