"""Members that matter are found in their order, whatever stands between them."""

from decimal import Decimal
from typing import Any

from billfold.wire.members import containers_in, objects_in

NODE: dict[str, Any] = {"a": 1, "b": {}, "c": [], "d": None, "e": {"x": [1]}, "f": Decimal(2)}


def test_objects_and_lists_are_told_from_plain_values_and_from_each_other() -> None:
    assert [*objects_in(NODE)] == [("b", {}), ("e", {"x": [1]})]
    assert [*containers_in(NODE)] == [("b", {}), ("c", []), ("e", {"x": [1]})]
    assert not [*objects_in({})]
    assert not [*containers_in({"a": "[]"})]
