"""The reference is written from the docstrings of what is public, and from the command line."""

import re
from importlib import import_module
from typing import Any

from mkdocs.structure.files import File, Files

import billfold

# A page, and the modules of those of billfold's own names that stand on it.
OWN = {
    "asking": ("facade", "accounts", "secret", "http"),
    "answers": ("answer", "coverage"),
    "values": ("money", "period"),
    "records": ("model",),
    "errors": ("errors",),
}
PACKAGES = ("costs", "reconcile", "report", "focus", "adapter", "testing")
TITLES = {"asking": "Asking", "answers": "Answers", "values": "Money and time"}
_ROLE = re.compile(r":(?:class|func|meth|mod):(?:<code>|`+)[~.]*([\w.]+)(?:</code>|`+)")


def on_files(files: Files, *, config: Any) -> None:
    """Add a page for each group of public names, and one of every command's options."""
    homes = {name: home.partition(".")[0] for name, home in billfold._HOME.items()}
    placed = {home for own in OWN.values() for home in own}
    if missing := {name for name, home in homes.items() if home not in placed}:
        raise ValueError(f"no page of the reference has {sorted(missing)}")
    for page, own in OWN.items():
        names = [f"billfold.{name}" for each in own for name, home in homes.items() if home == each]
        title = TITLES.get(page, page.capitalize())
        _add(files, config, page, f"# {title}\n\n`from billfold import ...`\n\n", names)
    for package in PACKAGES:
        module = import_module(f"billfold.{package}")
        first = (module.__doc__ or "").split("\n\n")[0].replace("\n", " ")
        names = [f"billfold.{package}.{name}" for name in module.__all__]
        own_names = [name for name in names if name.rpartition(".")[2] not in homes]
        _add(files, config, package, f"# billfold.{package}\n\n{first}\n\n", own_names)
    files.append(File.generated(config, "reference/options.md", content=options()))


def _add(files: Files, config: Any, page: str, head: str, names: list[str]) -> None:
    text = head + "\n\n".join(f"::: {name}" for name in names)
    files.append(File.generated(config, f"reference/{page}.md", content=text))


def options() -> str:
    """Return every command's help as one page, as the command line itself has it."""
    import typer
    from typer.cli import get_docs_for_click
    from typer.main import get_command

    from billfold.cli.app import build

    program = get_command(build())
    context = typer.Context(program, info_name="billfold")
    text = get_docs_for_click(obj=program, ctx=context, name="billfold")
    # The list of commands cuts its lines for a terminal; docs/commands.md has it in full.
    text = re.sub(r"\*\*Commands\*\*:\n\n(?:\* .*\n)+\n?", "", text)
    return text.replace("# `billfold`", "# Every option", 1)


def on_page_content(html: str, **_: Any) -> str:
    """Show the names that docstrings refer to as names."""
    return _ROLE.sub(r"<code>\1</code>", html)
