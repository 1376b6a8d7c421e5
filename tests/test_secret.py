"""A secret is shown nowhere, and sent only where it can be."""

import copy
import json
import logging
import pickle
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold import ConfigError, Secret
from billfold.adapter import Bearer
from billfold.secret import mask_iban, redact

TOKEN = "hm_5up3r-s3cr3t/token+with=signs"


@pytest.mark.parametrize(
    "shown",
    [
        repr,
        str,
        "{}".format,
        "{!r}".format,
        "%s".__mod__,
        "{:>40}".format,
        lambda secret: f"{[secret]} { ({'a': secret}) }",
    ],
)
def test_no_text_made_of_it_shows_it(shown) -> None:
    try:
        text = shown(Secret(TOKEN))
    except TypeError as error:
        text = str(error)
    assert TOKEN not in text


def test_it_is_not_in_a_log_record(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").warning("token %s %r", Secret(TOKEN), Secret(TOKEN))
    assert caplog.messages == ["token Secret('***') Secret('***')"]


def test_it_is_not_in_a_traceback_even_with_the_local_variables() -> None:
    secret = Secret(TOKEN)

    def fail(held: Secret) -> None:
        raise RuntimeError(f"with {held}")

    with pytest.raises(RuntimeError) as caught:
        fail(secret)
    shown = "".join(
        traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
    )
    assert "held = Secret('***')" in shown
    assert TOKEN not in shown


@pytest.mark.parametrize("leak", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps, vars, bytes])
def test_it_is_not_serialised(leak) -> None:
    with pytest.raises(TypeError):
        leak(Secret(TOKEN))


@pytest.mark.parametrize(
    "given_as", [TOKEN, f" {TOKEN}\n", f"Bearer {TOKEN}", f"bearer   {TOKEN} ", f"\tBEARER {TOKEN}"]
)
def test_white_space_and_bearer_are_stripped(given_as: str) -> None:
    assert Secret(given_as).reveal() == TOKEN
    assert Secret(given_as) == Secret(TOKEN)
    assert hash(Secret(given_as)) == hash(Secret(TOKEN))


def test_different_tokens_are_different() -> None:
    assert Secret(TOKEN) != Secret(TOKEN + "x")
    assert Secret(TOKEN) != TOKEN


@pytest.mark.parametrize("empty", ["", " ", "\n", "Bearer ", "bearer  \n"])
def test_an_empty_token_is_refused(empty: str) -> None:
    with pytest.raises(ConfigError, match="the token is empty"):
        Secret(empty)


@pytest.mark.parametrize(
    "bad",
    [
        "two words",
        "line\nbreak",
        "carriage\rreturn",
        "nul\0",
        "ümlaut",
        "tab\there",
        "\x7fdel",
        "“quoted”",
    ],
)
def test_a_token_that_no_header_can_carry_is_refused_without_quoting_it(bad: str) -> None:
    with pytest.raises(ConfigError, match="cannot be sent in an HTTP header") as caught:
        Secret(bad)
    assert bad not in str(caught.value)


@given(st.text(max_size=30))
def test_what_is_accepted_is_safe_in_a_header(text: str) -> None:
    try:
        token = Secret(text).reveal()
    except ConfigError:
        return
    assert all(0x21 <= ord(character) <= 0x7E for character in token)


def test_a_header_made_of_it_does_not_show_among_local_variables() -> None:
    header = Bearer().headers(Secret(TOKEN))["Authorization"]
    assert (str(header), header.encode(), f"{header}") == (
        f"Bearer {TOKEN}",
        f"Bearer {TOKEN}".encode(),
        f"Bearer {TOKEN}",
    )
    assert TOKEN not in repr({"Authorization": header})


@pytest.mark.parametrize(
    "echo", [TOKEN, "hm_5up3r-s3cr3t\\/token+with=signs", "hm_5up3r-s3cr3t%2Ftoken%2Bwith%3Dsigns"]
)
def test_every_form_of_an_echo_is_scrubbed(echo: str) -> None:
    assert Secret(TOKEN).scrub(f"no {echo}, no") == "no ***, no"
    assert Secret(TOKEN).scrub_reply(f'{{"a": "{echo}"}}'.encode()) == b'{"a": "***"}'


@pytest.mark.parametrize("token", ["short", "12345678901234567890"])
def test_a_reply_is_left_alone_by_a_token_that_could_be_anything(token: str) -> None:
    body = f'{{"amount": {token}, "word": "{token}"}}'.encode()
    assert Secret(token).scrub_reply(body) == body


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("IBAN DE89370400440532013000 is closed", "IBAN DE***3000 is closed"),
        ("IBAN DE89 3704 0044 0532 0130 00, sorry", "IBAN DE***3000, sorry"),
        ("NO9386011117947 and MT84MALT011000012345MTLCAST001S", "NO***7947 and MT***001S"),
        ("intent seti_1Pgaf_secret_QWc2bRBQ5hI was used", "intent *** was used"),
        ("card 4242424242424242 and 4242 4242 4242 4242 declined", "card *** and *** declined"),
        (
            "organization 83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4",
            "organization 83e0d7b1-5f42-4c96-9a18-7bd3f60c25e4",
        ),
        (
            "HTTP 429 at 2026-11-20T12:00:00Z, 12345678 EUR",
            "HTTP 429 at 2026-11-20T12:00:00Z, 12345678 EUR",
        ),
    ],
)
def test_what_a_sentence_repeats_of_a_request_is_masked(told: str, shown: str) -> None:
    assert redact(told) == shown


def test_an_echo_of_it_is_scrubbed() -> None:
    assert Secret(TOKEN).scrub(f"bad token '{TOKEN}' ({TOKEN})") == "bad token '***' (***)"


@pytest.mark.parametrize(
    ("iban", "masked"),
    [
        ("DE89370400440532013000", "DE***3000"),
        ("DE89 3704 0044 0532 0130 00", "DE***3000"),
        ("DE8937040044***0532013000", "DE***3000"),
        ("DE***3000", "DE***3000"),
        ("DE893000", "***"),
        ("***", "***"),
        ("", "***"),
        (None, None),
    ],
)
def test_an_iban_keeps_its_country_and_last_four(iban: str | None, masked: str | None) -> None:
    assert mask_iban(iban) == masked
    assert mask_iban(masked) == masked
