"""What an error takes along as it leaves billfold."""

import traceback

from billfold.errors import DriftError, MoneyError
from billfold.leaving import alone, forget_variables

IBAN = "DE89370400440532013000"


def failed() -> DriftError:
    held = b"a body"
    try:
        try:
            int(held)
        except ValueError as error:
            raise MoneyError("no amount") from error
    except MoneyError as error:
        try:
            raise DriftError(f"it says {IBAN}", code=IBAN) from error
        except DriftError as drift:
            drift.add_note(IBAN)
            return drift


def test_an_error_of_ours_leaves_alone() -> None:
    error = alone(failed())
    assert (error.__cause__, error.__context__, error.__traceback__) == (None, None, None)
    assert not hasattr(error, "__notes__")
    assert (error.message, error.args, error.code) == (
        "it says DE***3000",
        ("it says DE***3000",),
        "DE***3000",
    )


def test_another_error_keeps_its_places_without_their_variables() -> None:
    error = failed()
    group = ExceptionGroup("some", [error])
    error.__context__ = group  # a chain that comes back to itself
    forget_variables(group)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    assert [frame.f_code.co_name for frame in frames] == ["failed"]
    assert frames[0].f_locals == {}
