"""What can go wrong with a body on its way.

JSON that is nearly what the contract says, and bytes that are nearly JSON.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from billfold.simulators.json_text import Members, Number, write
from support.trees import NUMBERS, SHAPES, TEXTS, changed, places

_JUNK = [
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b'"',
    b"}",
    b"]",
    b",",
    b":",
    b"\\ud800",
    b"\\u003a",
    b"0",
    b"-",
    b".",
]

replacements: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(NUMBERS).map(Number),
    st.sampled_from(TEXTS),
    st.sampled_from(SHAPES),
    st.text(max_size=4),
)


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
            index, rest = (
                int(key),
                [member for position, member in enumerate(node) if position != key],
            )
            return {
                "lose": rest,
                "rename": node[::-1],
                "repeat": [*node, node[index]],
                "move": [*rest, node[index]],
            }[how]
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
    return draw(
        st.sampled_from(
            [[tree], {"data": tree}, {"items": tree}, {"error": {"message": "no"}}, [tree, tree]]
        )
    )


@st.composite
def _damaged(draw: st.DrawFn, body: bytes) -> bytes:
    """Cut, flip, insert or repeat bytes."""
    at = draw(st.integers(0, len(body)))
    how = draw(st.sampled_from(["cut", "flip", "insert", "again"]))
    before, junk, after = body[:at], draw(st.sampled_from(_JUNK)), body[at:]
    return {
        "cut": before,
        "flip": before + junk + after[1:],
        "insert": before + junk + after,
        "again": body + body,
    }[how]


@st.composite
def mutants(draw: st.DrawFn, tree: Any) -> bytes:
    """Make a body that is a step or three away from a good one."""
    for _ in range(draw(st.integers(1, 3))):
        step = draw(
            st.sampled_from([_replaced, _rewritten, _members, _members, _replaced, _wrapped])
        )
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
