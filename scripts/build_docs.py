"""Write docs/commands.md: the help of every command, as the program itself gives it.

python scripts/build_docs.py            # write it
python scripts/build_docs.py --check    # exit 1 when it is out of date
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import typer

from dealfacts.cli.app import app

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "commands.md"
WIDTH = 100


def main() -> None:
    """Write or check the document."""
    text = commands_document()
    if "--check" in sys.argv[1:]:
        sys.exit(
            0
            if DOCUMENT.read_text(encoding="utf-8") == text
            else f"{DOCUMENT.name} is out of date: make docs"
        )
    DOCUMENT.write_text(text, encoding="utf-8")


def commands_document() -> str:
    """Return the whole document as Markdown."""
    group = typer.main.get_command(app)
    parts = ["# Commands", "Made by `make docs` from the program's own help."]
    parts += [_section([], group)]
    commands = getattr(group, "commands", {})
    for name, command in commands.items():
        parts.append(_section([name], command))
        parts += [_section([name, part], inner) for part, inner in getattr(command, "commands", {}).items()]
    return "\n\n".join(parts) + "\n"


def _section(path: list[str], command: Any) -> str:
    name = " ".join(["dealfacts", *path])
    context = command.make_context(
        name, [], resilient_parsing=True, terminal_width=WIDTH, max_content_width=WIDTH
    )
    return f"## {name}\n\n```\n{command.get_help(context)}\n```"


if __name__ == "__main__":
    main()
