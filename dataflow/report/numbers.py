"""Numbers as people read them."""

from __future__ import annotations


def short(number: float) -> str:
    """A number in as few characters as do: 0.25, 7, 1,250, 3.4M."""
    for limit, divisor, suffix in ((1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e5, 1e3, "k")):
        if abs(number) >= limit:
            return f"{number / divisor:.3g}{suffix}"
    if number == int(number) or abs(number) >= 1000:
        return f"{number:,.0f}"
    return f"{number:.3g}"


def percent(part: float, whole: float) -> str:
    """A share: 0 %, 0.3 %, 12 %, 100 %; never 0 % of something or 100 % of less than all."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if part in (0, whole):
        return f"{share:.0f} %"
    if share < 0.1:
        return "< 0.1 %"
    if share > 99.9:
        return "> 99.9 %"
    return f"{share:.1f} %" if share < 10 or share > 99 else f"{share:.0f} %"


def duration(seconds: float) -> str:
    """A time: 4.2 ms, 0.24 s, 12 s, 3 min 20 s, 2 h 5 min."""
    if 0 < seconds < 0.1:
        return f"{1000 * seconds:.2g} ms"
    if seconds < 10:
        return f"{seconds:.2g} s" if seconds < 1 else f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 90:
        return f"{minutes} min" + (f" {rest} s" if rest and minutes < 10 else "")
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} h" + (f" {minutes} min" if minutes else "")


def dollars(amount: float) -> str:
    """Money: $0, $0.0042, $3.10, $1,204."""
    if amount == 0:
        return "$0"
    return f"${amount:,.0f}" if amount >= 1000 else f"${amount:.2f}" if amount >= 1 else f"${amount:.2g}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 sample`, `2 samples`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
