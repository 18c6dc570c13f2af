"""Amounts, where a cluster is found, and what fills slices."""

from pathlib import Path

import pytest

from reeve import Cluster, Constraint, Demand, Offer, ReeveError, Resources, quantity, wire
from reeve.model import slices_taken


@pytest.mark.parametrize(
    ("text", "bytes"),
    [
        ("512MiB", 512 << 20),
        ("1.5 GiB", 3 << 29),
        ("2g", 2 << 30),
        ("2Ki", 2048),
        ("100MB", 100_000_000),
        ("7B", 7),
        ("0.3KiB", 308),
        (1, 1),
        ("1EiB", 1 << 60),
    ],
)
def test_sizes(text: int | str, bytes: int) -> None:
    assert quantity.size(text, "memory") == bytes


@pytest.mark.parametrize(
    ("text", "millis"), [(2, 2_000), (0.1, 100), ("0.5", 500), ("500m", 500), (0.0001, 1), ("2", 2_000)]
)
def test_cores(text: float | str, millis: int) -> None:
    assert quantity.cpu_millis(text, "cpus") == millis


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("90s", 90 * 10**6),
        ("1h30m", 5_400 * 10**6),
        ("250ms", 250_000),
        (0.5, 500_000),
        (0, 0),
        ("1d 2h", 93_600 * 10**6),
    ],
)
def test_times(text: float | str, micros: int) -> None:
    assert quantity.micros(text, "time") == micros


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (quantity.size, "512", "is no size"),
        (quantity.size, "2XB", "is no size"),
        (quantity.size, "-1GiB", "is no size"),
        (quantity.size, -1, "is negative"),
        (quantity.size, "2EiB", "more than 1EiB"),
        (quantity.size, "", "is no size"),
        (quantity.cpu_millis, "two", "no number of cores"),
        (quantity.cpu_millis, -1, "is negative"),
        (quantity.cpu_millis, float("nan"), "no amount"),
        (quantity.cpu_millis, float("inf"), "no amount"),
        (quantity.cpu_millis, "1e400", "no number of cores"),
        (quantity.cpu_millis, 2e6, "more than a million cores"),
        (quantity.micros, "10", "no length of time"),
        (quantity.micros, "", "no length of time"),
        (quantity.micros, "1m1h", "no length of time"),
        (quantity.micros, "9999999h", "more than ten years"),
    ],
)
def test_nonsense_is_refused_with_field_value_and_what_would_be_right(read: object, text: object, message: str) -> None:
    assert callable(read)
    with pytest.raises(ReeveError, match=message) as error:
        read(text, "field")
    assert error.value.code == "invalid"
    assert error.value.field == "field"
    assert str(text) in str(error.value)
    assert "Write" in str(error.value)


def test_a_cluster_is_found_in_the_data_directory(tmp_path: Path) -> None:
    (tmp_path / "address").write_text("127.0.0.1:7070\n")
    token = tmp_path / "token"
    token.write_text("0123456789abcdef\n")
    token.chmod(0o600)
    cluster = Cluster.find({"REEVE_DATA": str(tmp_path), "REEVE_ADDRESS": ""})
    assert cluster == Cluster(["127.0.0.1:7070"], "0123456789abcdef")
    assert "0123456789abcdef" not in repr(cluster)
    several = Cluster.find({"REEVE_DATA": str(tmp_path), "REEVE_ADDRESS": "127.0.0.1:1, [::1]:2"})
    assert several.addresses == ["127.0.0.1:1", "[::1]:2"]


@pytest.mark.parametrize(
    ("environment", "code", "message"),
    [
        ({"HOME": "/nowhere"}, "unavailable", "/nowhere/.local/state/reeve/address"),
        ({"REEVE_ADDRESS": "here"}, "invalid", '"here" is not HOST:PORT'),
        ({"REEVE_ADDRESS": "a:70000"}, "invalid", '"a:70000" is not HOST:PORT'),
        ({"REEVE_ADDRESS": ","}, "invalid", "No address"),
        ({"REEVE_ADDRESS": "a:1", "REEVE_TOKEN_FILE": "/nowhere"}, "denied", "cannot be read"),
    ],
)
def test_a_cluster_that_is_not_there_is_told(environment: dict[str, str], code: str, message: str) -> None:
    with pytest.raises(ReeveError, match=message.replace("[", r"\[")) as error:
        Cluster.find(environment)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("mode", "text", "message"), [(0o644, "x" * 32, "chmod 600"), (0o600, "short", "holds no token")]
)
def test_a_token_is_its_owners_alone(tmp_path: Path, mode: int, text: str, message: str) -> None:
    token = tmp_path / "token"
    token.write_text(text)
    token.chmod(mode)
    with pytest.raises(ReeveError, match=message):
        Cluster.find({"REEVE_ADDRESS": "a:1", "REEVE_TOKEN_FILE": str(token)})


def test_tasks_fill_slices_from_the_first_offer_on() -> None:
    def offer(key: int, count: int) -> Offer:
        return Offer(key, key, Resources(2, "1GiB"), count, "main", False, "", 0)

    halves = [Resources(1, "512MiB")] * 5
    assert slices_taken([offer(1, 2), offer(2, 8)], halves) == {1: 2, 2: 1}
    assert slices_taken([offer(1, 2)], [Resources(1, "1GiB")]) == {1: 1}
    assert slices_taken([], halves) == {}


def test_a_demand_says_what_nodes_must_be() -> None:
    constraints = [Constraint("zone", ["a", "b"]), Constraint("disk", ["hdd"], excluded=True)]
    told = wire.demand([Demand(Resources(1), 3, constraints=constraints)]).shapes[0].constraints
    assert [(each.attribute, list(each.values), getattr(each, "not")) for each in told] == [
        ("zone", ["a", "b"], False),
        ("disk", ["hdd"], True),
    ]
