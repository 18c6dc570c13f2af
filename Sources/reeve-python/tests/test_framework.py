import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any

import grpc
import pytest
from fake_master import FakeMaster, MasterStream, fake_master

from reeve import (
    Demand,
    Framework,
    FrameworkGone,
    Offer,
    ReeveError,
    Resources,
    SessionEnded,
    State,
    Task,
    Update,
    wire,
)


def story(test: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    """Runs a test in a loop of its own."""

    @wraps(test)
    def run() -> None:
        asyncio.run(asyncio.wait_for(test(), 20))

    return run


@asynccontextmanager
async def connected(heartbeat: float = 5) -> AsyncIterator[tuple[FakeMaster, Framework, MasterStream]]:
    async with fake_master() as master:
        framework = Framework("f", cluster=master.cluster)
        entering = asyncio.create_task(framework.__aenter__())
        stream = await master.stream()
        await stream.subscribe(heartbeat=heartbeat)
        await entering
        try:
            yield master, framework, stream
        finally:
            await framework.__aexit__(None, None, None)


@contextlib.asynccontextmanager
async def meanwhile(work: Awaitable[Any]) -> AsyncIterator["asyncio.Future[Any]"]:
    """Something that goes on beside what the master says, and ends with it."""
    task = asyncio.ensure_future(work)
    try:
        yield task
        await task
    finally:
        task.cancel()


@story
async def test_a_subscription_carries_the_token_and_what_the_framework_is() -> None:
    async with fake_master() as master:
        framework = Framework("f", name="Frames", role="night", failover="1m", cluster=master.cluster)
        async with meanwhile(framework.__aenter__()):
            stream = await master.stream()
            subscribe = await stream.subscribe()
        assert stream.metadata["authorization"] == f"Bearer {master.cluster.token}"
        assert (subscribe.framework, subscribe.name, subscribe.role) == ("f", "Frames", "night")
        assert subscribe.failover_micros == 60_000_000
        assert (framework.job, framework.term, framework.resumed) == ("job-f", 7, False)
        await framework.__aexit__(None, None, None)


@story
async def test_tasks_of_one_kind_travel_with_one_template() -> None:
    async with connected() as (_, framework, stream):
        offers = await demand_and_offer(framework, stream)
        tasks = [Task(f"t{n}", ["work"], [str(n)], environment={"B": "2", "A": "1"}) for n in range(3)]
        async with meanwhile(framework.accept(offers, tasks, addition="first")) as accepting:
            request = await stream.expect("accept")
            await stream.reply(request, tasks=3)
        assert accepting.result() == 3
        spec = request.accept.tasks
        assert list(request.accept.offers) == [1] and (spec.id, spec.addition) == ("f", "first")
        assert len(spec.templates) == 1 and list(spec.tasks.templates) == [0, 0, 0]
        assert [variable.name for variable in spec.templates[0].environment] == ["A", "B"]
        assert wire.unpack(spec.tasks.names) == ["t0", "t1", "t2"]
        assert wire.unpack(spec.tasks.arguments.strings) == ["0", "1", "2"]
        assert list(spec.tasks.arguments.ends) == [1, 2, 3]


@story
async def test_what_is_refused_is_raised_with_code_field_and_message() -> None:
    async with connected() as (_, framework, stream):
        with pytest.raises(ReeveError) as refused:
            async with meanwhile(framework.demand([Demand(Resources(cpus=64), 1)])):
                request = await stream.expect("demand")
                await stream.reply(request, problem=("exceeds-largest-node", "demand[0].cpus", "too many"))
        assert (refused.value.code, refused.value.field) == ("exceeds-largest-node", "demand[0].cpus")
        assert str(refused.value) == "demand[0].cpus: too many"


@story
async def test_rescinded_offers_are_not_seen() -> None:
    async with connected() as (_, framework, stream):
        await stream.offer(1, 2)
        await stream.say(rescind={"offers": [1], "reason": "expired"})
        await stream.offer(3)
        await asyncio.sleep(0.1)
        assert [offer.id for offer in await anext(framework.offers())] == [2, 3]


@story
async def test_columns_may_be_empty_where_all_is_zero() -> None:
    async with connected() as (_, framework, stream):
        await stream.say(updates={"names": {"data": b"ab", "ends": [1, 2]}, "states": [3, 4]})
        updates = framework.updates()
        assert await anext(updates) == Update("a", State.RUNNING, "", 0, "", 0, 0)
        assert await anext(updates) == Update("b", State.SUCCEEDED, "", 0, "", 0, 0)


@story
async def test_an_update_is_acknowledged_once_its_step_is_done() -> None:
    async with connected() as (_, framework, stream):
        updates = framework.updates()
        await stream.update((11, "a", State.SUCCEEDED), (12, "b", State.FAILED))
        assert (await anext(updates)).task == "a"
        await stream.hears_nothing(0.1)
        assert (await anext(updates)).task == "b"
        assert await stream.acknowledged(1) == [11]


@story
async def test_an_update_whose_step_failed_comes_again() -> None:
    async with connected() as (_, framework, stream):
        await stream.update((11, "a", State.SUCCEEDED))
        with pytest.raises(ZeroDivisionError):
            async for _update in framework.updates():
                raise ZeroDivisionError
        assert (await anext(framework.updates())).task == "a"
        await stream.hears_nothing(0.1)


@story
async def test_a_repeated_update_is_acknowledged_again_and_not_seen() -> None:
    async with connected() as (_, framework, stream):
        updates = framework.updates()
        await stream.update((11, "a", State.SUCCEEDED))
        await anext(updates)
        following = asyncio.ensure_future(anext(updates))
        assert await stream.acknowledged(1) == [11]
        await stream.update((12, "a", State.SUCCEEDED))
        assert await stream.acknowledged(1) == [12]
        await stream.update((13, "c", State.SUCCEEDED))
        assert (await following).task == "c"


@story
async def test_an_end_that_is_asked_for_is_seen_again() -> None:
    async with connected() as (_, framework, stream):
        updates = framework.updates()
        await stream.update((11, "a", State.SUCCEEDED))
        await anext(updates)
        following = asyncio.ensure_future(anext(updates))
        await stream.expect("acknowledge")
        async with meanwhile(framework.reconcile(["a"])):
            await stream.reply(await stream.expect("reconcile"))
        await stream.update((12, "a", State.SUCCEEDED))
        assert (await following).id == 12


@story
async def test_a_task_is_sent_a_line_and_what_is_wrong_with_one_is_raised() -> None:
    async with connected() as (_, framework, stream):
        async with meanwhile(framework.send("a", b"stop")):
            request = await stream.expect("task_message")
            assert (request.task_message.task, request.task_message.data) == ("a", b"stop")
            await stream.reply(request, tasks=1)
        sending = asyncio.ensure_future(framework.send("a", b"two\nlines"))
        await stream.reply(await stream.expect("task_message"), problem=("invalid", "data", "byte 3 is a newline"))
        with pytest.raises(ReeveError, match="byte 3"):
            await sending


@story
async def test_acknowledgements_go_on_after_an_outage() -> None:
    async with connected() as (master, framework, stream):
        updates = framework.updates()
        await stream.update((11, "a", State.SUCCEEDED), (12, "b", State.SUCCEEDED))
        await anext(updates)
        stream.end()
        stream = await master.stream()
        await anext(updates)
        await asyncio.sleep(0.1)
        await stream.subscribe()
        await stream.update((13, "c", State.SUCCEEDED))
        assert (await anext(updates)).task == "c"
        following = asyncio.ensure_future(anext(updates))
        assert await stream.acknowledged(1) == [13]
        await stream.update((21, "a", State.SUCCEEDED), (22, "b", State.SUCCEEDED))
        assert await stream.acknowledged(2) == [21, 22]
        following.cancel()


@story
async def test_ids_of_an_earlier_stream_are_not_acknowledged() -> None:
    async with connected() as (master, framework, stream):
        updates = framework.updates()
        await stream.update((1, "a", State.SUCCEEDED), (2, "b", State.SUCCEEDED))
        await anext(updates)
        stream.end()
        stream = await master.stream()
        await stream.subscribe()
        await stream.update((1, "c", State.SUCCEEDED), (2, "d", State.SUCCEEDED), (3, "b", State.SUCCEEDED))
        await asyncio.sleep(0.1)
        assert (await anext(updates)).task == "b"
        assert (await anext(updates)).task == "c"
        assert await stream.acknowledged(1) == [3]


@story
async def test_of_changes_that_wait_the_latest_is_seen() -> None:
    async with connected() as (_, framework, stream):
        await stream.update((0, "a", State.ASSIGNED), (0, "b", State.RUNNING))
        await stream.update((0, "a", State.RUNNING))
        await asyncio.sleep(0.1)
        updates = framework.updates()
        seen = [await anext(updates), await anext(updates)]
        assert [(update.task, update.state) for update in seen] == [
            ("a", State.RUNNING),
            ("b", State.RUNNING),
        ]


@story
async def test_a_broken_stream_is_opened_again_with_what_was_wanted_and_unanswered() -> None:
    async with connected() as (master, framework, stream):
        offers = await demand_and_offer(framework, stream, count=5)
        async with meanwhile(framework.accept(offers, [Task("a", ["x"]), Task("b", ["x"])])):
            await stream.reply(await stream.expect("accept"), tasks=2)
        async with meanwhile(framework.accept([], [Task("c", ["x"])], addition="second")):
            await stream.expect("accept")
            stream.end()
            stream = await master.stream()
            assert (await stream.subscribe(resumed=True)).framework == "f"
            assert not (await stream.expect("reconcile")).reconcile.tasks
            again = await stream.expect("accept")
            assert again.accept.tasks.addition == "second"
            assert [shape.count for shape in (await stream.expect("demand")).demand.shapes] == [3]
            await stream.reply(again, tasks=1)


@story
async def test_offers_of_a_broken_stream_lapse() -> None:
    async with connected() as (master, framework, stream):
        await stream.offer(1)
        await asyncio.sleep(0.1)
        stream.end()
        stream = await master.stream()
        await stream.subscribe()
        await stream.offer(2)
        assert [offer.id for offer in await anext(framework.offers())] == [2]


@story
async def test_a_newer_subscription_ends_the_session() -> None:
    async with connected() as (_, framework, stream):
        stream.end(grpc.StatusCode.ABORTED, "a newer session has this id")
        with pytest.raises(SessionEnded, match="a newer session"):
            await anext(framework.updates())
        with pytest.raises(SessionEnded):
            await framework.kill(["a"])


@story
async def test_a_newer_subscription_is_noticed_whatever_is_being_sent() -> None:
    for _time in range(10):
        async with connected(heartbeat=1) as (_, framework, stream):
            sending = [asyncio.ensure_future(framework.reconcile()) for _ in range(50)]
            await stream.expect("reconcile")
            stream.end(grpc.StatusCode.ABORTED, "a newer session has this id")
            ended = await asyncio.gather(*sending, return_exceptions=True)
            assert all(isinstance(error, FrameworkGone) for error in ended)


@story
async def test_a_refused_subscription_is_not_tried_again() -> None:
    async with fake_master() as master:
        framework = Framework("gone", cluster=master.cluster)
        with pytest.raises(SessionEnded, match="torn down"):
            async with meanwhile(framework.__aenter__()):
                stream = await master.stream()
                stream.end(grpc.StatusCode.ABORTED, '"gone" was torn down')
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(master.stream(), 0.5)


@story
async def test_a_silent_master_is_left() -> None:
    async with connected(heartbeat=0.1) as (master, _, _):
        await (await master.stream()).subscribe()


@story
async def test_heartbeats_are_sent_when_there_is_nothing_to_say() -> None:
    async with connected(heartbeat=0.2) as (_, _, stream):
        for _beat in range(3):
            await stream.say(heartbeat={})
            await stream.hears_a_heartbeat(within=0.5)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"updates": {"ids": [1, 2], "states": [1]}},
        {"updates": {"ids": [1], "names": {"data": b"\xff", "ends": [1]}, "states": [1]}},
        {"reply": {"serial": 99, "tasks": 3}},
        {"rescind": {"offers": [99]}},
        {"offers": {"offers": [{"id": 1}]}},
        {},
    ],
)
def test_nonsense_from_the_master_ends_at_most_the_stream(nonsense: dict[str, Any]) -> None:
    @story
    async def run() -> None:
        async with connected() as (master, framework, stream):
            await stream.say(**nonsense)
            following = asyncio.ensure_future(anext(framework.updates()))
            if "updates" in nonsense:
                stream = await master.stream()
                await stream.subscribe()
            await stream.update((1, "a", State.SUCCEEDED))
            assert (await following).task == "a"

    run()


@story
async def test_tearing_down_ends_the_iterations() -> None:
    async with connected() as (_, framework, stream):
        following = asyncio.ensure_future(collect(framework.updates()))
        async with meanwhile(framework.tear_down()):
            await stream.reply(await stream.expect("tear_down"))
        assert await following == []
        with pytest.raises(ReeveError, match="is closed"):
            await framework.reconcile()


@story
async def test_a_master_that_ends_the_stream_when_it_is_to_tear_down_has_done_so() -> None:
    async with connected() as (_, framework, stream):
        following = asyncio.ensure_future(collect(framework.updates()))
        async with meanwhile(framework.tear_down()):
            await stream.expect("tear_down")
            stream.end(grpc.StatusCode.ABORTED, '"f" is torn down')
        assert await following == []


@story
async def test_a_master_that_is_not_there_is_told_with_its_address() -> None:
    from reeve import Cluster

    framework = Framework("f", cluster=Cluster(["127.0.0.1:1"], "x" * 16), connect_timeout=0.5)
    with pytest.raises(ReeveError, match=r"127\.0\.0\.1:1") as error:
        await framework.__aenter__()
    assert error.value.code == "unavailable"


async def collect(updates: AsyncIterator[Update]) -> list[Update]:
    return [update async for update in updates]


async def demand_and_offer(framework: Framework, stream: MasterStream, count: int = 3) -> list[Offer]:
    async with meanwhile(framework.demand([Demand(Resources(), count)])):
        await stream.reply(await stream.expect("demand"))
    await stream.offer(1, count=count)
    return await anext(framework.offers())
