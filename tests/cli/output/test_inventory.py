"""Where tokens come from."""

from billfold import (
    Secret,
)
from billfold.accounts.account import HeldToken
from billfold.cli.output.inventory import token_place


def test_a_token_in_hand_has_no_place() -> None:
    assert token_place(HeldToken(Secret("t0ken"))) == "HeldToken"
