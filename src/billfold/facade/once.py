"""What may be entered by ``async with`` once."""

from __future__ import annotations

from msgspec import Struct

from billfold.errors import ConfigError


class Once(Struct):
    """Whether something was entered or left; ``name`` is what people call it."""

    name: str
    _entered: bool = False
    _left: bool = False

    def enter(self) -> None:
        """Note that it is entered. Raises ConfigError where it was entered before."""
        if self._entered:
            state = "closed" if self._left else "open already"
            raise ConfigError(
                f"this {self.name} is {state}, and is entered only once; "
                "make one for each 'async with', or share the open one"
            )
        self._entered = True

    def not_open(self) -> RuntimeError:
        """Return the error of who uses it before it was entered, or after it was left."""
        state = "closed" if self._entered and self._left else "not open yet"
        return RuntimeError(f"this {self.name} is {state}: use it inside 'async with'")

    def leave(self) -> None:
        """Note that it is left."""
        self._left = True

    @property
    def is_open(self) -> bool:
        """Whether it is entered and not left."""
        return self._entered and not self._left
