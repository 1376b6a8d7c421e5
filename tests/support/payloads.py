"""Bodies as a provider's OpenAPI slice allows them, numbers as text.

What a server may send, and no float has seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from billfold.simulators.json_text import Number
from support.contract import resolved, slice_of

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_CENTURY = timedelta(days=36_500)
_DIGITS = (st.integers(0, 9999) | st.integers(0, 10**24)).map(str)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_EXTRA = (
    st.none()
    | st.booleans()
    | _TEXTS
    | _DIGITS.map(Number)
    | st.just({"nested": [Number("1.5"), None]})
)

# One number is drawn for a time, and not seven: half of all that is generated are times.
_TIMES = st.builds(
    lambda seconds, form: form(_EARLIEST + timedelta(seconds=seconds)),
    st.integers(0, int(_CENTURY.total_seconds())),
    st.sampled_from(
        [
            lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}.000001+00:00",
            lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}.1-12:00",
            lambda moment: f"{moment:%Y-%m-%dt%H:%M:%S}+05:45",
        ]
    ),
)


@cache  # what a strategy works out about itself, it works out once
def answers(
    provider: str, path: str, method: str = "get", *, given: frozenset[str] = frozenset()
) -> st.SearchStrategy[Any]:
    """Make the JSON of an operation's good answers.

    ``given`` are keys that are always there, which the slice may not say.
    """
    document = slice_of(provider)
    responses = document["paths"][path][method]["responses"]
    good = resolved(document, responses["201" if "201" in responses else "200"])
    (content,) = good["content"].values()
    return _of(document, content["schema"], given)


def _of(
    document: Mapping[str, Any], schema: Mapping[str, Any], given: frozenset[str]
) -> st.SearchStrategy[Any]:
    schema = resolved(document, schema)
    kinds = schema.get("type", "object")
    return st.one_of(
        [
            _kind(document, schema, kind, given)
            for kind in ([kinds] if isinstance(kinds, str) else kinds)
        ]
    )


def _kind(
    document: Mapping[str, Any], schema: Mapping[str, Any], kind: str, given: frozenset[str]
) -> st.SearchStrategy[Any]:
    match kind:
        case "object":
            return _object(document, schema, given)
        case "array":
            return st.lists(_of(document, schema["items"], given), max_size=3)
        case "integer" | "number":
            return _numbers(schema, whole=kind == "integer")
        case "string":
            return _strings(schema)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
    raise NotImplementedError(f"the slices have a new type, {kind!r}")


def _object(
    document: Mapping[str, Any], schema: Mapping[str, Any], given: frozenset[str]
) -> st.SearchStrategy[Any]:
    members = {
        key: _of(document, member, given) for key, member in schema.get("properties", {}).items()
    }
    sure = {
        key: member
        for key, member in members.items()
        if key in schema.get("required", ()) or key in given
    }
    optional = {key: member for key, member in members.items() if key not in sure}
    known = st.fixed_dictionaries(sure, optional=optional)
    values = schema.get("additionalProperties")
    more = _of(document, values, given) if isinstance(values, dict) else _EXTRA
    unknown = st.dictionaries(_TEXTS.map("new_{}".format), more, max_size=1)
    return st.builds(lambda known, unknown: {**unknown, **known}, known, unknown)


def _numbers(schema: Mapping[str, Any], *, whole: bool) -> st.SearchStrategy[Number]:
    signs = (
        [""] if schema.get("minimum") == 0 else ["-"] if schema.get("maximum") == 0 else ["", "-"]
    )
    fraction = (
        st.just("")
        if whole
        else st.sampled_from(["", ".0", ".5", ".30", ".00000000000000004", "e1", "E-7", ".25e+2"])
    )
    return st.builds(
        lambda *parts: Number("".join(parts)), st.sampled_from(signs), _DIGITS, fraction
    )


def _strings(schema: Mapping[str, Any]) -> st.SearchStrategy[str]:
    if "pattern" in schema:
        return st.from_regex(schema["pattern"].replace("$", r"\Z"), fullmatch=True)
    match schema.get("format"):
        case "uuid":
            return st.uuids().map(str) | st.uuids().map(lambda ident: str(ident).upper())
        case "date-time":
            return _TIMES
        case "date":
            return st.integers(0, _CENTURY.days).map(
                lambda days: str((_EARLIEST + timedelta(days=days)).date())
            )
    return _TEXTS
