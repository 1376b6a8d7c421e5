"""How requests carry a token, and how simulators find it again."""

import pytest

from billfold import Secret
from billfold.adapter import ApiKey, Auth, Basic, Bearer

TOKEN = "k3y-that-is-long-enough"


@pytest.mark.parametrize(
    ("auth", "token", "headers"),
    [
        (Bearer(), TOKEN, {"Authorization": f"Bearer {TOKEN}"}),
        (ApiKey("X-Api-Key"), TOKEN, {"X-Api-Key": TOKEN}),
        (Basic("api"), "pw", {"Authorization": "Basic YXBpOnB3"}),
        (Basic("api"), "p:w", {"Authorization": "Basic YXBpOnA6dw=="}),
        (Basic(), "user:pw", {"Authorization": "Basic dXNlcjpwdw=="}),
    ],
)
def test_a_token_is_carried_as_declared_and_found_again(
    auth: Auth, token: str, headers: dict[str, str]
) -> None:
    assert auth.headers(Secret(token)) == headers
    assert auth.token_of(headers) == token
    assert token not in repr(auth.headers(Secret(token)))
    assert headers.get("Authorization", "x" * 99) not in repr(auth.headers(Secret(token)))


@pytest.mark.parametrize("auth", [Bearer(), ApiKey("X-Api-Key"), Basic("api"), Basic()])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "bearer x"},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic /w=="},
        {"Authorization": "Digest YXBpOnB3"},
    ],
)
def test_other_headers_carry_none(auth: Auth, headers: dict[str, str]) -> None:
    assert auth.token_of(headers) == ""


def test_another_user_is_nobody() -> None:
    assert Basic("api").token_of({"Authorization": "Basic b3RoZXI6cHc="}) == ""
