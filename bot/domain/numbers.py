"""Exact numbers for reading: everything is computed exactly and rounded half up once, when it is shown."""

from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import TypeAlias

Exact: TypeAlias = int | Decimal | Fraction
"""Numbers that hold what was written. A float does not (0.1 + 0.2), so none is taken."""


def half_up(value: Exact, places: int = 0) -> Decimal:
    """`value` with `places` decimals, a half away from zero: 0.045 is 0.05 and -2.5 is -3."""
    exact = value if isinstance(value, int | Fraction) else Fraction(value)
    above, below = abs(exact.numerator) * 10**places, exact.denominator
    return _decimal((2 * above + below) // (2 * below), places, exact.numerator < 0)


def root_half_up(square: Exact, places: int = 0) -> Decimal:
    """The square root of `square` with `places` decimals, half up; ValueError below zero."""
    exact = Fraction(square)
    if exact < 0:
        raise ValueError("no square root of a negative number")
    twice = isqrt(int(4 * exact * 100**places))
    return _decimal((twice + 1) // 2, places, negative=False)


def percent(share: Exact, places: int = 0) -> str:
    """A share of 1 as people read it: 0.4 is '40%'."""
    return f"{half_up(Fraction(share) * 100, places)}%"


def ordinal(n: int) -> str:
    """'1st', '2nd', '11th'."""
    ending = "th" if n % 100 in _TEENS else _ENDINGS.get(n % 10, "th")
    return f"{n}{ending}"


_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_TEENS = range(11, 14)


def _decimal(units: int, places: int, negative: bool) -> Decimal:
    """Read from digits: arithmetic on decimals would round to the context's precision."""
    return Decimal(f"{'-' if negative and units else ''}{units}E-{places}")
