"""Amounts as people write them, by the rules of a job file.

In quotes an amount carries its unit; a bare number counts bytes, cores or seconds. All are read exactly and rounded
up to whole bytes, thousandths of a core and microseconds.
"""

import re
from decimal import ROUND_CEILING, Decimal

from .errors import ReeveError

_SIZE_EXAMPLES = 'Write a size such as "512MiB", "1.5GiB" or "100MB", or a number of bytes.'
_CPU_EXAMPLES = 'Write a number of cores such as 2 or 0.5, or thousandths such as "500m".'
_TIME_EXAMPLES = 'Write a time such as "90s", "10m" or "1h30m", or a number of seconds.'

_AMOUNT = r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_SIZE = re.compile(_AMOUNT + r" *(?:([kmgtpe])(i|ib|b)?|b)", re.IGNORECASE)
_CPUS = re.compile(_AMOUNT + r" *(m?)")
_TIME = re.compile(_AMOUNT + r" *(us|ms|sec|s|min|m|h|d) *", re.IGNORECASE)
_TIME_MICROS = {"us": 1, "ms": 10**3, "s": 10**6, "m": 60 * 10**6, "h": 3_600 * 10**6, "d": 86_400 * 10**6}

_BYTES_MAX = 1 << 60
_CPU_MILLIS_MAX = 10**9
_MICROS_MAX = 3_650 * 86_400 * 10**6


def size(amount: int | str, field: str) -> int:
    """Bytes: `512MiB`, `1.5 GiB`, `2G`, `100MB`, `7B`, or a number of them.

    `K M G T P E` alone and with `i` or `iB` go in steps of 1024, with `B` alone in steps of 1000.
    """
    if isinstance(amount, int):
        return _whole(Decimal(amount), _BYTES_MAX, amount, "1EiB", _SIZE_EXAMPLES, field)
    match = _SIZE.fullmatch(amount)
    if not match:
        raise ReeveError("invalid", f'"{amount}" is no size. {_SIZE_EXAMPLES}', field)
    number, letter, suffix = match.groups()
    step = 1_000 if (suffix or "").lower() == "b" else 1_024
    scale = step ** ("kmgtpe".index(letter.lower()) + 1) if letter else 1
    return _whole(Decimal(number) * scale, _BYTES_MAX, amount, "1EiB", _SIZE_EXAMPLES, field)


def cpu_millis(amount: float | str, field: str) -> int:
    """Thousandths of a core: `2`, `0.5`, `500m`."""
    match = _CPUS.fullmatch(amount) if isinstance(amount, str) else None
    if isinstance(amount, str) and not match:
        raise ReeveError("invalid", f'"{amount}" is no number of cores. {_CPU_EXAMPLES}', field)
    # By way of its shortest text: 0.1 is a tenth, not the fraction of a power of two nearest to it.
    millis = Decimal(match[1]) * (1 if match[2] else 1_000) if match else Decimal(str(amount)) * 1_000
    return _whole(millis, _CPU_MILLIS_MAX, amount, "a million cores", _CPU_EXAMPLES, field)


def micros(amount: float | str, field: str) -> int:
    """Microseconds: `90s`, `1h30m`, `250ms`, or a number of seconds."""
    if not isinstance(amount, str):
        return _whole(Decimal(str(amount)) * 10**6, _MICROS_MAX, amount, "ten years", _TIME_EXAMPLES, field)
    total, place, last = Decimal(0), 0, _MICROS_MAX
    while match := _TIME.match(amount, place):
        unit = match[2].lower()
        scale = _TIME_MICROS[{"sec": "s", "min": "m"}.get(unit, unit)]
        # From large to small, each once: in `1m1h` something was mistyped.
        if scale >= last:
            break
        total, place, last = total + Decimal(match[1]) * scale, match.end(), scale
    if place != len(amount) or not amount:
        raise ReeveError("invalid", f'"{amount}" is no length of time. {_TIME_EXAMPLES}', field)
    return _whole(total, _MICROS_MAX, amount, "ten years", _TIME_EXAMPLES, field)


def _whole(amount: Decimal, most: int, shown: float | str, most_shown: str, examples: str, field: str) -> int:
    quoted = f'"{shown}"' if isinstance(shown, str) else str(shown)
    if not amount.is_finite():
        raise ReeveError("invalid", f"{quoted} is no amount. {examples}", field)
    if amount < 0:
        raise ReeveError("invalid", f"{quoted} is negative. {examples}", field)
    if amount > most:
        raise ReeveError("invalid", f"{quoted} is more than {most_shown}. {examples}", field)
    return int(amount.to_integral_value(ROUND_CEILING))
