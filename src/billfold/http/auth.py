"""How an adapter's requests carry the token.

As a bearer, as an API key in a header of its own, or as basic credentials.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from attrs import frozen

from billfold.secret import Secret

_AUTHORIZATION = "Authorization"


@frozen
class Bearer:
    """``Authorization: Bearer TOKEN``."""

    def headers(self, token: Secret) -> dict[str, str]:
        """Return the headers that carry the token; their values do not show in a repr."""
        return {_AUTHORIZATION: token.in_header(f"Bearer {token.reveal()}")}

    def guard(self, token: Secret) -> Secret:
        """Return the token: headers carry it as it is."""
        return token

    def token_of(self, headers: Mapping[str, str]) -> str:
        """Return the token that a request's headers carry, or empty text; what a simulator asks."""
        scheme, _, token = headers.get(_AUTHORIZATION, "").partition(" ")
        return token if scheme == "Bearer" else ""


@frozen
class ApiKey:
    """The token alone, in the header ``name``."""

    name: str

    def headers(self, token: Secret) -> dict[str, str]:
        """Return the headers that carry the token; their values do not show in a repr."""
        return {self.name: token.in_header(token.reveal())}

    def guard(self, token: Secret) -> Secret:
        """Return the token: headers carry it as it is."""
        return token

    def token_of(self, headers: Mapping[str, str]) -> str:
        """Return the token that a request's headers carry, or empty text; what a simulator asks."""
        return headers.get(self.name, "")


@frozen
class Basic:
    """``Authorization: Basic``.

    The token is the password of ``username``, or without one ``username:password``.
    """

    username: str | None = None

    def headers(self, token: Secret) -> dict[str, str]:
        """Return the headers that carry the token; their values do not show in a repr."""
        return {_AUTHORIZATION: token.in_header(f"Basic {self._credentials(token)}")}

    def guard(self, token: Secret) -> Secret:
        """Return the token, to be masked in the form that headers carry it in, too."""
        return token.masking(self._credentials(token))

    def _credentials(self, token: Secret) -> str:
        prefix = "" if self.username is None else f"{self.username}:"
        return base64.b64encode(f"{prefix}{token.reveal()}".encode()).decode()

    def token_of(self, headers: Mapping[str, str]) -> str:
        """Return the token that a request's headers carry, or empty text; what a simulator asks."""
        scheme, _, credentials = headers.get(_AUTHORIZATION, "").partition(" ")
        try:
            text = (
                base64.b64decode(credentials, validate=True).decode() if scheme == "Basic" else ""
            )
        except (binascii.Error, UnicodeDecodeError):
            return ""
        if self.username is None:
            return text
        username, _, password = text.partition(":")
        return password if username == self.username else ""


Auth = Bearer | ApiKey | Basic
