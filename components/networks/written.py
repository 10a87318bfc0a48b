"""How numbers and maps are written on the pages about a network's layers."""

from models.answers import Contribution


def map_name(index: int) -> str:
    """Return what a map is called. Pages number from 1; links, messages and code keep the index, from 0."""
    return f"map {index + 1}"


def share_of(part: Contribution, whole: float) -> str:
    """Return how much of what goes into a map comes from one part of it, such as "12.5 % of its input".

    Args:
        part: a map that it is made from.
        whole: the strengths of all of them added up; 0 where nothing comes in, and then there is no share.
    """
    return f"{100 * part['strength'] / whole:.1f}\u00a0% of its input" if whole else ""


def written(number: float, spec: str = ".4g") -> str:
    """Return a number with a real minus sign."""
    return format(number, spec).replace("-", "−")


def factor(number: float, spec: str = ".4g") -> str:
    """Return a number as what something is multiplied by: in brackets if it is negative."""
    return f"({written(number, spec)})" if number < 0 else written(number, spec)


def added(number: float, spec: str = ".4g") -> str:
    """Return a number as what is added to something before it: "+ 0.25" or "− 0.25"."""
    return f"{'−' if number < 0 else '+'} {format(abs(number), spec)}"


def subtracted(number: float, spec: str = ".4g") -> str:
    """Return a number as what is taken from something before it: "− 0.25" or "+ 0.25"."""
    return added(-number + 0.0, spec)
