"""A framework's session with a cluster's master."""

import asyncio
import contextlib
import itertools
import logging
import os
import pwd
import random
import secrets
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import NoReturn, Self

from . import quantity, wire
from .acknowledgements import Acknowledgements
from .cluster import Cluster
from .errors import FrameworkGone, ReeveError, SessionEnded
from .mailbox import Mailbox
from .model import Demand, Offer, Task, Update, slices_taken
from .stream import Stream
from .v1 import framework_session_pb2 as pb

log = logging.getLogger("reeve")

_PROTOCOL = 1
_CAPABILITIES = ("messages", "pinned")
# Acknowledgements wait so long for others, seconds.
_ACKNOWLEDGE_DELAY = 0.02
# A stream that lasted for the longest starts the back-off anew, seconds.
_BACKOFF_FIRST, _BACKOFF_LONGEST = 0.1, 5.0
# For the last acknowledgements to arrive; without them the updates come again.
_LEAVE_SECONDS_MAX = 1.0


class Framework:
    """Says what it wants, is offered slices that fit it, and answers with tasks.

        async with Framework(name="render", failover="1m") as framework:
            await framework.demand([Demand(Resources(cpus=1, memory="512MiB"), count=10)])
            async for offers in framework.offers():
                await framework.accept(offers, [Task("frame-1", ["render", "1"])])

    `id` names it for good: the same one brings back what it had, from another process as well; random if left out.
    For `failover` (seconds, or a text such as "1m") after its connection ends its tasks go on; 0: they end at once.
    A stream that breaks is opened again until the master refuses it; requests that are unanswered are then sent again,
    and so is the demand. All methods raise `ReeveError`, and `SessionEnded` once the master will have no more of it.
    """

    def __init__(
        self,
        id: str | None = None,
        *,
        name: str = "",
        role: str = "",
        user: str = "",
        failover: float | str = 0,
        cluster: Cluster | None = None,
        connect_timeout: float = 30,
    ) -> None:
        self.id = id or f"framework-{secrets.token_hex(5)}"
        self.job = ""
        """Whose tasks the framework's are."""
        self.term = 0
        """Of the master that leads; 0 while there is no connection."""
        self.resumed = False
        """Whether the id had subscribed before."""
        self.capabilities: frozenset[str] = frozenset()
        self._cluster = cluster or Cluster.find()
        self._connect_timeout = connect_timeout
        self._subscribe = pb.Subscribe(
            protocol=_PROTOCOL,
            framework=self.id,
            name=name,
            role=role,
            user=user or _user(),
            failover_micros=quantity.micros(failover, "failover"),
            capabilities=_CAPABILITIES,
        )
        self._stream = Stream()
        self._subscribed = asyncio.Event()
        self._leaving = False
        self._tearing_down = False
        self._ended: Exception | None = None
        self._last_error: ReeveError | None = None
        self._demand: list[Demand] = []
        self._serials = itertools.count(1)
        self._unanswered: dict[int, tuple[pb.FrameworkUp, asyncio.Future[pb.FrameworkReply]]] = {}
        self._offers: Mailbox[int, Offer] = Mailbox()
        self._updates: Mailbox[str, tuple[Update, Stream]] = Mailbox()
        self._acknowledgements = Acknowledgements()

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self._run())
        try:
            async with asyncio.timeout(self._connect_timeout):
                await self._subscribed.wait()
        except TimeoutError:
            await self._stop()
            raise self._last_error or ReeveError("unavailable", "The master did not answer.") from None
        except BaseException:
            await self._stop()
            raise
        if self._ended:
            raise self._ended
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Disconnects: what it had is kept for its fail-over time."""
        self._leaving = True
        self._flush_acknowledgements()
        self._stream.finish()
        await asyncio.wait([self._running], timeout=_LEAVE_SECONDS_MAX)
        await self._stop()

    async def demand(self, demands: Iterable[Demand]) -> None:
        """Says what is wanted beyond what has been accepted for, in place of what was demanded before.

        What is accepted for is taken off, so that it need be said again only where it changes; an empty one ends the
        offers.
        """
        demands = list(demands)
        message = wire.demand(demands)
        self._demand = demands
        await self._request(pb.FrameworkUp(demand=message))

    async def offers(self) -> AsyncIterator[list[Offer]]:
        """What has been offered since the step before, less what has expired or was rescinded.

        An offer lapses with its time, with its rescission and with the stream; accepting it then raises `ReeveError`.
        """
        while await self._offers.wait():
            now = time.monotonic()
            if offers := [offer for offer in self._offers.take() if offer.expires > now]:
                yield offers

    async def accept(self, offers: Iterable[Offer], tasks: Sequence[Task], *, addition: str | None = None) -> int:
        """Puts tasks into the slices of offers of one rack, all of which are used up by it.

        `addition` names this accept, random if left out: the same again, with whatever offers, is answered as the first
        time. A framework that must not lose tasks writes name and tasks down before it accepts.

        Returns how many tasks it made. Raises `ReeveError` where nothing was made of it; offers that had not lapsed are then
        still open.
        """
        offers = list(offers)
        message = wire.accept(self.id, offers, tasks, addition or secrets.token_hex(8))
        reply = await self._request(pb.FrameworkUp(accept=message))
        self._take_off(offers, tasks)
        return reply.tasks

    async def decline(self, offers: Iterable[Offer]) -> None:
        """Gives offers back. Their shapes come again after a while that grows with each decline; new demand ends it."""
        await self._request(pb.FrameworkUp(decline=pb.Decline(offers=[offer.id for offer in offers])))

    async def kill(self, tasks: Iterable[str]) -> int:
        """Ends tasks. Returns for how many it changes something; of the others an update says what they are."""
        tasks = list(tasks)
        self._acknowledgements.forget(tasks)
        reply = await self._request(pb.FrameworkUp(kill=pb.KillTasks(tasks=tasks)))
        return reply.tasks

    async def updates(self) -> AsyncIterator[Update]:
        """States of tasks as they change, at least once each; of several changes of a task the latest may be all that is told.

        An update is acknowledged when the loop asks for the next: one whose step was left by an exception comes again.
        """
        while await self._updates.wait():
            task, (update, stream) = self._updates.first()
            yield update
            if self._updates.get(task) == (update, stream):
                self._updates.remove(task)
            self._acknowledge(update, stream)

    async def reconcile(self, tasks: Iterable[str] = ()) -> None:
        """Asks for updates of these tasks, or of all that have not ended or whose end is not acknowledged.

        The session does the latter by itself whenever it resumes.
        """
        tasks = list(tasks)
        self._acknowledgements.forget(tasks)
        await self._request(pb.FrameworkUp(reconcile=pb.Reconcile(tasks=tasks)))

    async def send(self, task: str, data: bytes) -> None:
        """Sends to what runs as a task, which reads it as a line of the file that `REEVE_MESSAGES` names.

        At most 64 KiB, and no newline in it. It is handed on when this returns, and lost where the task has ended or its node is
        away by then; it may arrive twice if the stream breaks meanwhile.
        """
        await self._request(pb.FrameworkUp(task_message=pb.TaskMessage(task=task, data=data)))

    async def tear_down(self) -> None:
        """Ends the framework for good, and its tasks: its id is not taken again."""
        self._tearing_down = True
        # The master may end the stream in place of a reply.
        with contextlib.suppress(SessionEnded):
            await self._request(pb.FrameworkUp(tear_down=pb.TearDown()))
        self._end(None)
        await self._stop()

    # The session.

    async def _run(self) -> None:
        backoff = _BACKOFF_FIRST
        for address in itertools.cycle(self._cluster.addresses):
            began = time.monotonic()
            try:
                await self._connect(address)
            except ReeveError as error:
                if self._leaving:
                    return
                if isinstance(error, SessionEnded):
                    return self._end(None if self._tearing_down else error)
                # Once an outage: the tries that follow fail for the same reason.
                log.log(logging.WARNING if self.term else logging.INFO, "%s: %s", address, error)
                self._last_error = ReeveError(error.code, f"{address}: {error.message}", error.field)
            except Exception as error:
                self._end(error)
                raise
            self._lapse()
            if time.monotonic() - began > _BACKOFF_LONGEST:
                backoff = _BACKOFF_FIRST
            await asyncio.sleep(backoff * random.uniform(0.5, 1))
            backoff = min(backoff * 2, _BACKOFF_LONGEST)

    async def _connect(self, address: str) -> NoReturn:
        self._stream = Stream()
        self._stream.send(pb.FrameworkUp(subscribe=self._subscribe))
        try:
            await self._stream.run(self._cluster, address, self._receive)
        except ValueError as error:
            # Columns of different lengths, bytes that are no text, a state that this version does not know.
            raise ReeveError("invalid", f"The master sent what makes no sense: {error}") from error

    def _receive(self, message: pb.FrameworkDown) -> None:
        match message.WhichOneof("message"):
            case "subscribed":
                self._begin(message.subscribed)
            case "offers":
                for offer in wire.offers(message.offers):
                    self._offers.put(offer.id, offer)
            case "rescind":
                for id in message.rescind.offers:
                    self._offers.remove(id)
            case "updates":
                for update in wire.updates(message.updates):
                    self._take_in(update)
            case "reply":
                self._answer(message.reply)

    def _begin(self, subscribed: pb.Subscribed) -> None:
        self.job, self.term = subscribed.job, subscribed.term
        self.capabilities = frozenset(subscribed.capabilities)
        if subscribed.heartbeat_micros:
            self._stream.heartbeat = subscribed.heartbeat_micros / 1e6
        if not self._subscribed.is_set():
            self.resumed = subscribed.resumed
        if subscribed.resumed:
            self._stream.send(pb.FrameworkUp(reconcile=pb.Reconcile()))
        for request, _ in self._unanswered.values():
            self._stream.send(request)
        if self._demand and not any(request.HasField("demand") for request, _ in self._unanswered.values()):
            self._stream.send(pb.FrameworkUp(demand=wire.demand(self._demand)))
        self._subscribed.set()

    def _lapse(self) -> None:
        """What was offered on a stream ends with it, and so do its acknowledgements: the updates come again."""
        self.term = 0
        self._offers.take()
        self._acknowledgements.take()

    def _end(self, error: Exception | None) -> None:
        self._ended = error or FrameworkGone("conflict", f'The session of framework "{self.id}" is closed.')
        self._offers.close(error)
        self._updates.close(error)
        for _, answer in self._unanswered.values():
            if not answer.done():
                answer.set_exception(self._ended)
        self._subscribed.set()

    async def _stop(self) -> None:
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        if not self._ended:
            self._end(None)

    # Requests and their replies.

    async def _request(self, request: pb.FrameworkUp) -> pb.FrameworkReply:
        if self._ended:
            raise self._ended
        request.serial = next(self._serials)
        answer: asyncio.Future[pb.FrameworkReply] = asyncio.get_running_loop().create_future()
        self._unanswered[request.serial] = (request, answer)
        if self.term:
            self._stream.send(request)
        try:
            reply = await answer
        finally:
            del self._unanswered[request.serial]
        if reply.HasField("problem"):
            raise ReeveError(reply.problem.code, reply.problem.message, reply.problem.field)
        return reply

    def _answer(self, reply: pb.FrameworkReply) -> None:
        if reply.serial in self._unanswered:
            _, answer = self._unanswered[reply.serial]
            if not answer.done():
                answer.set_result(reply)
        elif reply.HasField("problem"):
            log.warning("%s: %s", reply.problem.field or reply.problem.code, reply.problem.message)

    def _take_off(self, offers: list[Offer], tasks: Sequence[Task]) -> None:
        """Takes off the demand what was accepted for, as the master does with what it remembers."""
        taken = slices_taken(offers, (task.resources for task in tasks))
        left = [replace(demand, count=demand.count - taken[demand.key]) for demand in self._demand]
        self._demand = [demand for demand in left if demand.count > 0]

    # Updates and their acknowledgement.

    def _take_in(self, update: Update) -> None:
        if self._acknowledgements.has(update):
            return self._acknowledge(update, self._stream)
        # To acknowledge an older update says nothing of what came after.
        if superseded := self._updates.put(update.task, (update, self._stream)):
            self._acknowledge(*superseded)

    def _acknowledge(self, update: Update, stream: Stream) -> None:
        # On another stream, of a master that may have begun to count anew, its id is that of another update.
        id = update.id if stream is self._stream else 0
        if self._acknowledgements.add(replace(update, id=id)):
            asyncio.get_running_loop().call_later(_ACKNOWLEDGE_DELAY, self._flush_acknowledgements)

    def _flush_acknowledgements(self) -> None:
        ids = self._acknowledgements.take()
        if ids and self.term:
            self._stream.send(pb.FrameworkUp(acknowledge=pb.AcknowledgeUpdates(ids=ids)))


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
