"""Whatever is said of a whole reply is heard from each object that speaks for it, and no other."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec import Struct
from yarl import URL

from billfold.http.remarks import Remarks


class Row(Struct, frozen=True):
    amount: Decimal


class Attributes(Struct, frozen=True):
    rows: tuple[Row, ...]


class Resource(Struct, frozen=True):
    id: str
    attributes: Attributes


class Beside(Struct, frozen=True):
    stats: dict[str, Any] | None = None


class Document(Struct, frozen=True):
    data: Resource


class WithMeta(Struct, frozen=True):
    data: Resource
    meta: Beside | None = None


class Thing(Struct, frozen=True):
    balance: Decimal


class Wrapped(Struct, frozen=True):
    data: Thing


END = datetime(2026, 11, 1, tzinfo=UTC)
SAID: list[dict[str, Any]] = [
    {"as_of": "2026-10-10T00:00:00Z"},
    {"data_through": "2026-10-10"},
    {"last_updated_at": "2026-10-10T00:00:00Z"},
    {"partial": True},
    {"is_partial": True},
    {"incomplete": True},
    {"complete": False},
    {"error": "boom"},
    {"errors": [{"message": "boom"}]},
    {"success": False},
]
UNSAID: list[dict[str, Any]] = [
    {"as_of": "2026-11-01T00:00:00Z"},
    {"partial": False, "complete": True, "error": None, "errors": [], "success": True, "ok": True},
    {"partial": 0, "error": "", "complete": "2026-10-10"},
]


def gaps(tree: Any, shape: Any) -> list[str]:
    """Return what is noted of a reply, but for what its reader of replies says at the top."""
    remarks = Remarks(ends=END)
    remarks.look("/x", tree, shape)
    remarks.look_at_knowledge("/x", tree, shape, URL("https://a.test/x"))
    return [remark.text for remark in remarks if remark.gap]


def document(place: str, said: dict[str, Any]) -> Any:
    row = {"amount": 3} | (said if place == "row" else {})
    attributes = {"rows": [row]} | (said if place == "attributes" else {})
    data = {"id": "r1", "attributes": attributes} | (said if place == "data" else {})
    meta = said if place == "meta" else {}
    return {"data": data, "meta": meta} | (said if place == "top" else {})


@pytest.mark.parametrize("place", ["top", "meta", "data", "attributes"])
@pytest.mark.parametrize("said", SAID, ids=str)
def test_each_object_around_rows_speaks_for_the_reply(place: str, said: dict[str, Any]) -> None:
    # Errors at the top are noted as the reply is read.
    is_noted_before = place == "top" and not {"error", "errors", "success"}.isdisjoint(said)
    assert bool(gaps(document(place, said), Document)) is not is_noted_before


@pytest.mark.parametrize("place", ["top", "meta", "data", "attributes"])
@pytest.mark.parametrize("said", UNSAID, ids=str)
def test_what_says_that_all_is_well_is_no_hole(place: str, said: dict[str, Any]) -> None:
    assert gaps(document(place, said), Document) == []


@pytest.mark.parametrize("said", [*SAID, {"status": "error"}, {"status": "processing"}], ids=str)
def test_what_is_about_a_reply_speaks_for_it_where_a_shape_reads_some_of_it(
    said: dict[str, Any],
) -> None:
    assert gaps(document("meta", said | {"stats": None}), WithMeta)
    assert gaps(document("meta", {"stats": None}), WithMeta) == []


@pytest.mark.parametrize("said", SAID, ids=str)
def test_a_row_speaks_for_itself(said: dict[str, Any]) -> None:
    assert gaps(document("row", said), Document) == []


@pytest.mark.parametrize("said", SAID, ids=str)
def test_what_states_one_thing_is_spoken_for_too(said: dict[str, Any]) -> None:
    if {"error", "errors", "success"}.isdisjoint(said):
        assert gaps({"balance": 3} | said, Thing)
    assert gaps({"balance": 3, "meta": said}, Thing)
    assert gaps({"data": {"balance": 3} | said}, Wrapped)


@pytest.mark.parametrize("said", [{"status": "running"}, {"ready": False}])
@pytest.mark.parametrize("identity", ["id", "uuid", "slug"])
def test_a_thing_has_a_state_of_its_own(said: dict[str, Any], identity: str) -> None:
    assert gaps({"balance": 3, identity: "b1"} | said, Thing) == []


@pytest.mark.parametrize("said", [{"status": "running"}, {"ready": False}])
def test_what_has_no_identity_is_no_thing(said: dict[str, Any]) -> None:
    assert gaps({"balance": 3} | said, Thing)
