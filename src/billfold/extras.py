"""What an extra of this distribution needs, and how to install it."""

from __future__ import annotations

from importlib.metadata import requires
from importlib.util import find_spec


def how_to_install(extra: str) -> str:
    """Return the command that installs the packages of an extra.

    It names them and not billfold: who offers a package of that name on an index is not known.
    """
    lines = (line.partition(";") for line in requires("billfold") or ())
    wanted = [
        package.strip()
        for package, _, marker in lines
        if marker.replace('"', "'").strip() == f"extra == '{extra}'"
    ]
    # In double quotes every shell passes on what stands there, those of Windows too.
    return " ".join(("pip install", *(f'"{package}"' for package in wanted)))


def is_store_there() -> bool:
    """Return whether the packages of the extra ``store`` are there."""
    return all(find_spec(package) is not None for package in ("deltalake", "pyarrow"))
