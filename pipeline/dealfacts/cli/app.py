"""Put the command together from its parts, and turn errors into messages and exit codes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from dealfacts import __version__
from dealfacts.cli import (
    evaluate_commands,
    explain_commands,
    merge_commands,
    record_commands,
    run_commands,
    stage_commands,
)
from dealfacts.cli.console import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE, say
from dealfacts.errors import ConfigError, DealfactsError, InputError

app = typer.Typer(
    name="dealfacts",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dealfacts {__version__}")
        raise typer.Exit


@app.callback()
def _dealfacts(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Read business news in English, Dutch and Spanish and write structured deal facts."""


for part in (
    run_commands,
    stage_commands,
    merge_commands,
    evaluate_commands,
    explain_commands,
    record_commands,
):
    part.register(app)


def main() -> None:
    """Run the command line; exit 0 when all went well, 1 on rejects or failure, 2 on wrong usage."""
    try:
        app()
    except SystemExit as done:  # typer turns an interrupt into an exit, without a word
        if done.code == EXIT_INTERRUPTED:
            say("dealfacts: interrupted; run again to go on from here")
        raise
    except (ConfigError, InputError) as error:
        say(f"dealfacts: {error}")
        sys.exit(EXIT_USAGE)
    except DealfactsError as error:
        say(f"dealfacts: {error}")
        sys.exit(EXIT_FAILED)
    except BrokenPipeError:
        # The reader of our output has seen enough (`| head`).
        sys.stderr.close()
        sys.exit(EXIT_FAILED)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        say(f"dealfacts: {place}{error.strerror or error}; mend that and run again, finished work is kept")
        sys.exit(EXIT_FAILED)
