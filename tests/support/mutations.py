"""What can go wrong with a body on its way: JSON that is nearly what the contract says, and bytes that are nearly JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from billfold.faults.bodies import Members, Number, write

Path = tuple[str | int, ...]

_NUMBERS = [
    "0", "-0", "-1", "1.5", "1e2", "1E-30", "0.1", "9007199254740993", "1e400", "1e-400", "7" * 400, "NaN", "Infinity",
    "-Infinity", "0x10", "1.", ".5", "+1", "01", "1_000", "1e99999999999999999999", "9" * 81, "1e39", "1e40",
]  # fmt: skip
_TEXTS = [
    "", " ", "0", "-1", "1e2", "12.34", "NaN", "Infinity", "true", "null", "\x00", "\u202e", "é" * 300, "..", "/", "%2e%2e",
    "EUR", "USD", "JPY", "XAU", "eur", "2026-11-20", "2026-11-20T00:00:00", "2026-11-20T00:00:00Z", "9999-12-31T23:59:59Z",
    "9999-12-31", "0001-01-01T00:00:00+14:00", "2026-11-20T24:00:00Z", "2026-11-20T23:59:60Z", "2026-02-30T00:00:00Z", "١٢٣",
]  # fmt: skip
_JUNK = [b"\x00", b"\xff", b"\xef\xbb\xbf", b'"', b"}", b"]", b",", b":", b"\\ud800", b"\\u003a", b"0", b"-", b"."]
_SHAPES = [None, True, False, [], {}, [[]], [None], [{}], {"": None}, {"cents": Number("1"), "currency_iso": "USD"}]

replacements: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(_NUMBERS).map(Number), st.sampled_from(_TEXTS), st.sampled_from(_SHAPES), st.text(max_size=4)
)


def places(tree: Any, path: Path = ()) -> Iterator[Path]:
    """List every place of a tree."""
    yield path
    members = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, member in members:
        yield from places(member, (*path, key))


def changed(tree: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    """Change what stands in one place; the rest is the same."""
    if not path:
        return change(tree)
    key, rest = path[0], path[1:]
    if isinstance(tree, dict):
        return {name: changed(member, rest, change) if name == key else member for name, member in tree.items()}
    return [changed(member, rest, change) if index == key else member for index, member in enumerate(tree)]


@st.composite
def _replaced(draw: st.DrawFn, tree: Any) -> Any:
    return changed(tree, draw(st.sampled_from(list(places(tree)))), lambda _: draw(replacements))


@st.composite
def _rewritten(draw: st.DrawFn, tree: Any) -> Any:
    """Write a number as text, or a text as a number."""

    def other(value: Any) -> Any:
        if isinstance(value, Number):
            return str(value)
        return Number(value) if isinstance(value, str) else value

    return changed(tree, draw(st.sampled_from(list(places(tree)))), other)


@st.composite
def _members(draw: st.DrawFn, tree: Any) -> Any:
    """Lose, rename, repeat or move a member of an object or a list."""
    inner = [path for path in places(tree) if path]
    if not inner:
        return draw(replacements)
    *around, key = draw(st.sampled_from(inner))
    how, other = draw(st.sampled_from(["lose", "rename", "repeat", "move"])), draw(replacements)

    def change(node: Any) -> Any:
        if isinstance(node, list):
            index, rest = int(key), [member for position, member in enumerate(node) if position != key]
            return {"lose": rest, "rename": node[::-1], "repeat": [*node, node[index]], "move": [*rest, node[index]]}[how]
        rest = [(name, member) for name, member in node.items() if name != key]
        mine = (key, node[key])
        return {
            "lose": dict(rest),
            "rename": {**dict(rest), str(key).upper(): node[key]},
            "repeat": Members([*node.items(), (key, other)]),
            "move": dict([*rest, mine]),
        }[how]

    return changed(tree, tuple(around), change)


@st.composite
def _wrapped(draw: st.DrawFn, tree: Any) -> Any:
    return draw(st.sampled_from([[tree], {"data": tree}, {"items": tree}, {"error": {"message": "no"}}, [tree, tree]]))


@st.composite
def _damaged(draw: st.DrawFn, body: bytes) -> bytes:
    """Cut, flip, insert or repeat bytes."""
    at = draw(st.integers(0, len(body)))
    how = draw(st.sampled_from(["cut", "flip", "insert", "again"]))
    before, junk, after = body[:at], draw(st.sampled_from(_JUNK)), body[at:]
    return {"cut": before, "flip": before + junk + after[1:], "insert": before + junk + after, "again": body + body}[how]


@st.composite
def mutants(draw: st.DrawFn, tree: Any) -> bytes:
    """Make a body that is a step or three away from a good one."""
    for _ in range(draw(st.integers(1, 3))):
        step = draw(st.sampled_from([_replaced, _rewritten, _members, _members, _replaced, _wrapped]))
        if not _plain(tree):
            break
        tree = draw(step(tree))
    body = write(tree).encode("utf-8", "surrogatepass")
    return draw(_damaged(body)) if draw(st.integers(0, 5)) == 0 else body


def _plain(tree: Any) -> bool:
    """Tell whether no object has a key twice: such a tree has no places to name."""
    if isinstance(tree, Members):
        return False
    inner = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return all(map(_plain, inner))
