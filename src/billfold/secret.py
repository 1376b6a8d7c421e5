"""The one owner of credentials: they are held here, and shown nowhere."""

from __future__ import annotations

import hmac
import re
from typing import NoReturn, final

from billfold.errors import ConfigError

MASK = "***"
_SENDABLE = re.compile(r"[\x21-\x7e]+")


@final
class Secret:
    """Hold a token; only :meth:`reveal` gives it out. It has no useful repr and refuses to be pickled or copied to text."""

    __slots__ = ("_value",)

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
                "the token has characters that cannot be sent in an HTTP header (a space, a line break, an umlaut?)"
            )
        self._value = token

    def reveal(self) -> str:
        """Return the token itself, for the header of a request to its own origin."""
        return self._value

    def scrub(self, text: str) -> str:
        """Return ``text`` without the token, should a provider have echoed it."""
        return text.replace(self._value, MASK)

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value, other._value)

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled: read it again where it is needed")


def mask_iban(iban: str | None) -> str | None:
    """Keep the country and the last four characters of an IBAN; masking twice changes nothing."""
    if iban is None:
        return None
    compact = "".join(iban.split())
    return f"{compact[:2]}{MASK}{compact[-4:]}" if len(compact) > 8 else MASK


def last_four(digits: str | None) -> str | None:
    """Keep at most the last four characters of a card's number, whatever a provider sends as them."""
    return None if digits is None else digits.strip()[-4:]
