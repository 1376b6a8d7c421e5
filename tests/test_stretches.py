"""A body that is changed in stretches is changed as a whole is, and none of them is large."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold import Secret
from billfold.steps import at_once
from billfold.stretches import in_stretches, joined
from billfold.wire.times import as_fine_as_ours

TOKEN = "tok-7f3a/9c2e&4b%1d"
TIMES = ["2026-10-31T23:59:59.9999999Z", "10-31T23:59:59.99999999", "0.9999999"]
ECHOES = [TOKEN, TOKEN.replace("&", "&amp;"), TOKEN.replace("/", "\\/"), "%2F", "R&D", "100 %"]
TEXTS = st.text(max_size=4) | st.sampled_from([*TIMES, *ECHOES, '"', "\\"])
BODIES = st.lists(st.lists(TEXTS, max_size=3).map("".join) | st.floats(allow_nan=False))


@given(BODIES, st.booleans(), st.integers(1, 80))
def test_a_body_is_changed_in_stretches_as_at_once(
    value: list[object], ascii_only: bool, most: int
) -> None:
    body, secret = json.dumps(value, ensure_ascii=ascii_only).encode(), Secret(TOKEN)
    for change in (secret.scrub_reply, as_fine_as_ours):
        assert at_once(in_stretches(body, change, most)) == change(body)


def test_no_stretch_is_much_larger_than_it_may_be_and_what_is_left_alone_is_no_copy() -> None:
    body, seen = b'"0123456789"' * 1_000, list[bytes]()

    def look(stretch: bytes) -> bytes:
        seen.append(stretch)
        return stretch

    steps = in_stretches(body, look, 100)
    for number, _ in enumerate(steps, 1):
        assert len(seen) == number
    assert b"".join(seen) == body
    assert max(map(len, seen)) <= 112
    assert at_once(in_stretches(body, look, 100)) is body


def test_without_a_quote_a_body_is_one_stretch() -> None:
    assert at_once(in_stretches(b"[1,2,3]", lambda part: part.replace(b",", b" "), 2)) == b"[1 2 3]"


@given(st.lists(st.binary(max_size=9)), st.integers(1, 20))
def test_parts_are_joined_with_a_pause_after_so_many_bytes(parts: list[bytes], most: int) -> None:
    whole, pauses = b"".join(parts), len(list(joined(parts, most)))
    assert at_once(joined(parts, most)) == whole
    assert len(whole) // (most + 9) <= pauses <= len(whole) // most


@pytest.mark.parametrize("token", ['a"b-0123456789abcdef', '0123456789abcdef"'])
def test_a_token_with_a_quote_is_found_wherever_a_stretch_would_end(token: str) -> None:
    filler = b'"' + b"x" * 1024 * 1024
    body = filler + json.dumps(token).encode() + b'"' + token.encode() + filler
    secret = Secret(token)
    assert at_once(secret.scrubbing_reply(body)) == secret.scrub_reply(body)
    assert re.search(re.escape(token.encode()), at_once(secret.scrubbing_reply(body))) is None
