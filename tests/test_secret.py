"""A secret is shown nowhere, and sent only where it can be."""

import base64
import copy
import gc
import html
import json
import logging
import pickle
import time
import traceback
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billfold import Charge, ConfigError, Coverage, Period, Secret, State, Stream
from billfold.adapter import Bearer
from billfold.model import Category
from billfold.secret import hide_tokens
from billfold.secret_numbers import mask_iban, redact, redact_sure

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


def _in_unicode(form: str):
    return lambda token: "".join(form % ord(letter) for letter in token)


ESCAPES = {
    "itself": str,
    "JSON": lambda token: token.replace("/", "\\/"),
    "a URL": lambda token: quote(token, safe=""),
    "a URL in small letters": lambda token: quote(token, safe="").replace("%2F", "%2f"),
    "HTML": html.escape,
    "unicode escapes": _in_unicode("\\u%04x"),
    "unicode escapes in capitals": _in_unicode("\\u%04X"),
    "percent signs": _in_unicode("%%%02x"),
    "percent signs in capitals": _in_unicode("%%%02X"),
    "numbers of HTML": _in_unicode("&#%d;"),
    "numbers of HTML without an end": _in_unicode("&#%03d"),
    "hexadecimal numbers of HTML": _in_unicode("&#x%X;"),
    "half of it": lambda token: token[:9] + _in_unicode("%%%02x")(token[9:]),
    "a URL in a URL": lambda token: quote(quote(token, safe=""), safe=""),
    "JSON in JSON": lambda token: _in_unicode("\\u%04x")(token).replace("\\", "\\\\"),
    "JSON in a URL": lambda token: quote(_in_unicode("\\u%04x")(token)),
    "HTML in HTML": lambda token: html.escape(_in_unicode("&#%d;")(token)),
    "Base64 in a URL": lambda token: quote(base64.b64encode(token.encode()).decode(), safe=""),
}
WITH_OTHERS = "hm_5up3r&s3cr3t/t<ken+with=s'gns"


@pytest.mark.parametrize("token", [TOKEN, WITH_OTHERS])
@pytest.mark.parametrize("escape", ESCAPES)
def test_an_echo_is_scrubbed_however_it_is_written(token: str, escape: str) -> None:
    echo = ESCAPES[escape](token)
    scrubbed = Secret(token).scrub(f"no {echo}, no")
    assert (scrubbed[:6], scrubbed[-4:]) == ("no ***", ", no") or escape.startswith("Base64")
    assert len(scrubbed) <= len("no ***, no") + 4
    assert token not in html.unescape(unquote(scrubbed))
    body = Secret(token).scrub_reply(f'{{"ä": "{echo}"}}'.encode())
    assert len(body) <= len('{"ää": "***"}') + 4


@pytest.mark.parametrize("before", ["", "u:", "us:", "user:", "Bearer "])
@pytest.mark.parametrize("after", ["", "\n", ":x"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_of_what_holds_it_is_scrubbed(before: str, after: str, encode) -> None:
    echo = encode(f"{before}{TOKEN}{after}".encode()).decode()
    scrubbed = Secret(TOKEN).scrub(echo)
    assert "***" in scrubbed
    # What is left are the other words, and a letter that the token begins or ends in.
    assert len(scrubbed) <= len(encode(f"{before}{after}".encode())) + 8
    assert Secret(TOKEN).scrub_reply(echo.encode()) == scrubbed.encode()


TEXTS = {
    "letters": "a",
    "digits": "1",
    "digits apart": "1 ",
    "groups of digits": "4242 ",
    "a beginning of an IBAN": "DE89 ",
    "words": "a1 ",
    "backslashes": "\\",
    "unicode escapes": "\\u0041",
    "percent signs": "%25",
    "numbers of HTML": "&#65;",
    "nearly a token": TOKEN[:-1],
    "client secrets that do not end": "a_a_secret",
}


@pytest.mark.parametrize("work", [Secret(TOKEN).scrub, redact, hide_tokens])
@pytest.mark.parametrize("text", TEXTS)
def test_the_time_to_scrub_a_text_grows_with_its_length(text: str, work) -> None:
    unit = TEXTS[text]
    small, large = (unit * (size // len(unit)) for size in (2 * 1024, 16 * 1024))
    gc.disable()
    try:
        # The best of some, as what else runs can only add; what grows with the square takes 64 times as long.
        ratio = min(_seconds(work, large) / _seconds(work, small) for _ in range(3))
    finally:
        gc.enable()
    assert ratio < 30


def _seconds(work, text: str) -> float:
    began = time.process_time()
    work(text)
    return time.process_time() - began or 1e-9


def test_a_reply_without_any_escape_is_left_as_it_is() -> None:
    body = '{"name": "Müller", "price": 12.5}'.encode()
    assert Secret(TOKEN).scrub_reply(body) is body


HEX_ID = "de55779171cb09ee33b8cc952e16c39b"


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("de89370400440532013000", "DE***3000"),
        ("gb82 west 1234 5698 7654 32 is mine", "GB***5432 is mine"),
        ("DE89-3704-0044-0532-0130-00", "DE***3000"),
        ("4242-4242-4242-4242", "***"),
        ("3782 822463 10005", "***"),
        ("5555 5555 5555 4444 12", "*** 12"),
        ("seti_1Pgaf_secret_QWc2 pi_3N_secret_x", "*** ***"),
        # What is none: a wrong check digit, a serial number, a moment, names.
        ("4242424242424241", "4242424242424241"),
        ("SN12345678901234", "SN12345678901234"),
        ("1732800000000000", "1732800000000000"),
        ("12345678-1234-1234-1234-123456789012", "12345678-1234-1234-1234-123456789012"),
        # The check digit of the first three groups is that of a card.
        ("42964119-6128-5743-9e3e-834ce1179195", "42964119-6128-5743-9e3e-834ce1179195"),
        ("42964119-6128-5743 9e3e", "*** 9e3e"),
        # Hex digits whose first four leave the remainder that an IBAN's check digits do.
        (HEX_ID, HEX_ID),
        ("app_secret_rotation", "app_secret_rotation"),
        ("team-a", "team-a"),
    ],
)
def test_of_a_tag_only_what_surely_is_one_is_masked(told: str, shown: str) -> None:
    assert redact_sure(told) == shown


def test_tags_and_details_are_masked_where_they_are_kept() -> None:
    tags = {"team": "a", "paid by": "DE89 3704 0044 0532 0130 00", "4242424242424242": "x"}
    october = Period.month(2026, 10)
    charge = Charge(
        "1", category=Category.USAGE, period=october, service="vm", cost=None, tags=tags
    )
    assert charge.tags == {"team": "a", "paid by": "DE***3000", "***": "x"}
    row = Coverage("ci", "toy", Stream.USAGE, State.PARTIAL, detail="seti_1_secret_2 of ci")
    assert row.detail == "*** of ci"


@pytest.mark.parametrize("bad", ["two words", "ümlaut-0123456789"])
def test_no_frame_of_a_refused_token_shows_it(bad: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Secret(bad)
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)][1:]
    assert frames
    assert not [frame for frame in frames if bad in frame.f_locals.values()]


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
        (f"project {HEX_ID.upper()}", f"project {HEX_ID.upper()}"),
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
