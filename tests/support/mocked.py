"""aioresponses for aiohttp 3.14.

The one shim that supplies the ``stream_writer`` its responses do not know of.
"""

from typing import Any

from aiohttp import ClientResponse
from aioresponses import aioresponses


class _Writer:
    output_size = 0


class _Response(ClientResponse):
    def __init__(self, method: str, url: Any, **kwargs: Any) -> None:
        super().__init__(method, url, stream_writer=_Writer(), **kwargs)  # type: ignore[arg-type]


class Mocked(aioresponses):
    """Canned replies without a socket.

    ``sent()`` lists the requests as ``(method, URL)``, ``headers()`` what they carried.
    """

    def add(self, url: Any, method: str = "GET", **options: Any) -> None:
        super().add(url, method, **{"response_class": _Response, **options})

    def sent(self) -> list[tuple[str, str]]:
        return [(method, str(url)) for (method, url), calls in self.requests.items() for _ in calls]

    def headers(self) -> list[dict[str, str]]:
        return [call.kwargs["headers"] for calls in self.requests.values() for call in calls]
