"""The one owner of credentials: they are held here, and shown nowhere."""

from __future__ import annotations

import hmac
import json
import re
from typing import NoReturn, final
from urllib.parse import quote

from billfold.errors import ConfigError

MASK = "***"
_SENDABLE = re.compile(r"[\x21-\x7e]+")
_LONG = 16  # what is shorter, or a number, may well be part of something else

# An IBAN as people group it; a client secret of the payment provider; a card's number.
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_CLIENT_SECRET = re.compile(r"\b\w+_secret_\w+")
# Names have no such runs of letters and digits, tokens do.
_TOKEN_LIKE = re.compile(r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{20,}")
_CARD = re.compile(r"\b\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}\b")


class _Header(str):
    """A header's value whose repr shows nothing, for what prints local variables."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(MASK)


@final
class Secret:
    """Hold a token.

    Only :meth:`reveal` gives it out. It has no useful repr and refuses to be pickled or copied to
    text.
    """

    __slots__ = ("_forms", "_value")

    def __init__(self, value: str) -> None:
        """Strip white space and an accidental ``Bearer`` in front.

        Raises ConfigError for an empty token and for one that cannot travel in an HTTP header.
        """
        token = value.strip()
        if token[:6].lower() == "bearer" and not token[6:7].strip():
            token = token[6:].strip()
        if not token:
            raise ConfigError("the token is empty")
        if not _SENDABLE.fullmatch(token):
            raise ConfigError(
                "the token has characters that cannot be sent in an HTTP header "
                "(a space, a line break, an umlaut?)"
            )
        self._value = token
        # As a provider may repeat it: in JSON, with a slash escaped or not, and in a URL.
        written = json.dumps(token)[1:-1]
        self._forms = tuple(
            dict.fromkeys((token, written, written.replace("/", "\\/"), quote(token, safe="")))
        )

    def reveal(self) -> str:
        """Return the token itself, for the header of a request to its own origin."""
        return self._value

    def masking(self, form: str) -> Secret:
        """Return the same token, which masks another form of itself, too."""
        secret = Secret(self._value)
        secret._forms = (*self._forms, form)
        return secret

    @staticmethod
    def in_header(value: str) -> str:
        """Return a header's value that holds the token; it does not show in a repr."""
        return _Header(value)

    def scrub(self, text: str) -> str:
        """Return ``text`` without the token, should a provider have echoed it."""
        for form in self._forms:
            text = text.replace(form, MASK)
        return text

    def scrub_reply(self, body: bytes) -> bytes:
        """Return a reply's body without the token.

        A short one, or one that is a number, is left: it could be anything.
        """
        if len(self._value) < _LONG or self._value.isdigit():
            return body
        for form in self._forms:
            body = body.replace(form.encode(), MASK.encode())
        return body

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value, other._value)

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled: read it again where it is needed")


def hide_tokens(text: str) -> str:
    """Mask what looks like a token, for what people write in the wrong place."""
    return _TOKEN_LIKE.sub(MASK, text)


def redact(text: str) -> str:
    """Mask what a provider's sentence may repeat of a request.

    IBANs, client secrets, numbers of cards.
    """
    text = _CLIENT_SECRET.sub(MASK, text)
    return _CARD.sub(MASK, _IBAN.sub(lambda iban: mask_iban(iban[0]) or MASK, text))


def mask_iban(iban: str | None) -> str | None:
    """Keep the country and the last four characters of an IBAN; masking twice changes nothing."""
    if iban is None:
        return None
    compact = "".join(iban.split())
    return f"{compact[:2]}{MASK}{compact[-4:]}" if len(compact) > 8 else MASK


def last_four(digits: str | None) -> str | None:
    """Return at most the last four characters of a card's number."""
    return None if digits is None else digits.strip()[-4:]
