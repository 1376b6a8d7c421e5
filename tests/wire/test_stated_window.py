"""What a reply says of its window is compared with what was asked, whatever time it says."""

from datetime import UTC, datetime

import pytest

from billfold.wire.stated_window import Narrower, narrower_window

OCTOBER = {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
NOW = datetime(2026, 12, 1, tzinfo=UTC)


def test_a_later_start_is_named_by_its_place() -> None:
    stated = datetime(2026, 10, 15, tzinfo=UTC)
    asked = datetime(2026, 10, 1, tzinfo=UTC)
    reply = {"from": "2026-10-15T00:00:00"}
    assert narrower_window(reply, OCTOBER, NOW) == Narrower("$.from", stated, asked)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:00:00-23:00"])
def test_a_time_that_has_no_date_in_utc_states_no_window(text: str) -> None:
    assert narrower_window({"from": text, "to": text}, OCTOBER, NOW) is None
