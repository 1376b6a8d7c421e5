"""Everything that an adapter needs beyond ``model``, ``money``, ``period`` and ``wire``.

``adapters/README.md`` shows how to write one; its first step is a complete adapter in one file.
"""

from billfold.adapter.catalogue import Catalogue, Service
from billfold.adapter.declaration import Adapter, Declaration, LateData
from billfold.adapter.methods import (
    METHODS,
    Method,
    find_method,
    has_stream,
    streams,
    wrong_signatures,
)
from billfold.adapter.pagination import Pages
from billfold.adapter.parts import Parts, all_parts, together
from billfold.adapter.reading import Reading, Readings
from billfold.adapter.ready_made_pages import cursor_pages, linked_pages, numbered_pages
from billfold.adapter.registry import find, installed, usable
from billfold.errors import (
    BillfoldError,
    ConfigError,
    CredentialsError,
    DeadlineError,
    DriftError,
    ForbiddenError,
    NotFoundError,
    ProviderError,
    RateLimitedError,
    RequestError,
    TooLargeError,
    TransientError,
    UnsupportedError,
)
from billfold.http.auth import ApiKey, Auth, Basic, Bearer
from billfold.http.client import Client, Query
from billfold.http.replies import Reply
from billfold.http.turns import in_turns
from billfold.http.urls import segment
from billfold.model import State, Stream
from billfold.secret import Secret

__all__ = [
    "METHODS",
    "Adapter",
    "ApiKey",
    "Auth",
    "Basic",
    "Bearer",
    "BillfoldError",
    "Client",
    "ConfigError",
    "CredentialsError",
    "DeadlineError",
    "Declaration",
    "DriftError",
    "Catalogue",
    "ForbiddenError",
    "LateData",
    "Method",
    "NotFoundError",
    "Pages",
    "Parts",
    "ProviderError",
    "Query",
    "RateLimitedError",
    "Reading",
    "Readings",
    "Reply",
    "RequestError",
    "Secret",
    "Service",
    "State",
    "Stream",
    "TooLargeError",
    "TransientError",
    "UnsupportedError",
    "all_parts",
    "cursor_pages",
    "find",
    "find_method",
    "has_stream",
    "in_turns",
    "installed",
    "linked_pages",
    "numbered_pages",
    "segment",
    "streams",
    "together",
    "usable",
    "wrong_signatures",
]
