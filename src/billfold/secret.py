"""The one owner of credentials: they are held here, and shown nowhere."""

from __future__ import annotations

import hmac
import re
from typing import NoReturn, final

from billfold.errors import ConfigError
from billfold.secret_echo import forms_of, masked, may_hold
from billfold.secret_numbers import MASK
from billfold.steps import Steps
from billfold.stretches import in_stretches

_SENDABLE = re.compile(r"[\x21-\x7e]+")
_LONG = 16  # what is shorter, or a number, may well be part of something else

# Names have no such runs of letters and digits, tokens do.
_RUN = re.compile(r"[A-Za-z0-9]{20,}")


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

    __slots__ = ("_bytes", "_forms", "_value")

    def __init__(self, value: str) -> None:
        """Strip white space and an accidental ``Bearer`` in front.

        Raises ConfigError for an empty token and for one that cannot travel in an HTTP header.
        """
        token, value = _bare(value), MASK  # a frame that an error went through is shown
        if not token:
            raise ConfigError("the token is empty")
        if not _SENDABLE.fullmatch(token):
            token = MASK
            raise ConfigError(
                "the token has characters that cannot be sent in an HTTP header "
                "(a space, a line break, an umlaut?)"
            )
        self._value = token
        self._mask(forms_of(token))

    def _mask(self, forms: tuple[str, ...]) -> None:
        self._forms = tuple(dict.fromkeys(forms))
        telling = len(self._value) >= _LONG and not self._value.isdigit()
        self._bytes = tuple(form.encode() for form in self._forms) if telling else ()

    def reveal(self) -> str:
        """Return the token itself, for the header of a request to its own origin."""
        return self._value

    def masking(self, form: str) -> Secret:
        """Return the same token, which masks another form of itself, too."""
        secret = Secret(self._value)
        secret._mask((*self._forms, *forms_of(form)))
        return secret

    @staticmethod
    def in_header(value: str) -> str:
        """Return a header's value that holds the token; it does not show in a repr."""
        return _Header(value)

    def scrub(self, text: str) -> str:
        """Return ``text`` without the token, should a provider have echoed it.

        As it is, in Base64, and escaped as JSON, URLs and HTML do.
        """
        return masked(text, self._forms, MASK)

    def scrub_reply(self, body: bytes) -> bytes:
        """Return a reply's body without the token.

        A short one, or one that is a number, is left: it could be anything.
        """
        if not self._bytes or not may_hold(body, self._bytes):
            return body
        # Every byte a character, and back.
        return self.scrub(body.decode("latin-1")).encode("latin-1")

    def scrubbing_reply(self, body: bytes) -> Steps[bytes]:
        """Return what :meth:`scrub_reply` does; pauses after each part of a large body."""
        if any(b'"' in form for form in self._bytes):
            return self.scrub_reply(body)
        return (yield from in_stretches(body, self.scrub_reply))

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value, other._value)

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled: read it again where it is needed")


def _bare(value: str) -> str:
    token = value.strip()
    bearer = token[:6].lower() == "bearer" and not token[6:7].strip()
    return token[6:].strip() if bearer else token


def hide_tokens(text: str) -> str:
    """Mask what looks like a token, for what people write in the wrong place."""
    return _RUN.sub(lambda run: run[0] if run[0].isalpha() or run[0].isdigit() else MASK, text)
