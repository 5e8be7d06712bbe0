"""What a stage is, how stages are found, and whether an order of stages can work."""

from __future__ import annotations

import contextlib
import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib.metadata import entry_points
from typing import Any, ClassVar

from dealfacts.errors import ConfigError, DealfactsError
from dealfacts.records import Article

ENTRY_POINT_GROUP = "dealfacts.stages"

OnError = Callable[[Article, Exception], None]
"""Told of an article that a stage could not process; the article is then left out of the output."""


@dataclass
class Stage(ABC):
    """A step that adds keys to articles: one out per one in, same order, same id, `text` untouched.

    Subclass it as a dataclass whose fields are the stage's options (plain values with defaults),
    set the class variables, and write `annotate`. Register it under the entry point group
    `dealfacts.stages` to make it loadable by name and runnable from the command line.
    """

    name: ClassVar[str]
    version: ClassVar[str]
    """Raise it when the output for the same input changes: finished work is then redone."""
    requires: ClassVar[tuple[str, ...]] = ()
    """Article keys that must be there before this stage."""
    assigns: ClassVar[tuple[str, ...]] = ()
    """Article keys this stage adds or extends."""
    batch_size: ClassVar[int] = 16
    _is_open = False

    def __getstate__(self) -> dict[str, Any]:
        """Travel to another process as options alone: each process opens its own models."""
        return {option.name: getattr(self, option.name) for option in fields(self)}

    def open(self) -> None:  # noqa: B027 - optional: most stages have nothing to load
        """Load models and tables; called once, before the first batch, never at import."""

    @abstractmethod
    def annotate(self, articles: Sequence[Article]) -> None:
        """Add this stage's keys to each article of a batch, in place."""

    def pipe(self, articles: Iterable[Article], on_error: OnError | None = None) -> Iterator[Article]:
        """Run the stage over a stream of articles.

        Args:
            articles: any number of articles; they are read in batches and changed in place.
            on_error: told of each article that fails; without it the first failure raises.

        Yields:
            Each article that went in, in the same order, save those given to `on_error`.
        """
        if not self._is_open:
            self.open()
            self._is_open = True
        stream = iter(articles)
        while batch := list(itertools.islice(stream, self.batch_size)):
            yield from self._run_batch(batch, on_error)

    def _run_batch(self, batch: list[Article], on_error: OnError | None) -> list[Article]:
        if on_error is None:
            self.annotate(batch)
            return batch
        untouched = [article.model_copy(deep=True) for article in batch] if len(batch) > 1 else []
        try:
            self.annotate(batch)
        except Exception as error:  # any failure of one article must not stop the rest
            if len(batch) == 1:
                on_error(batch[0], error)
                return []
            # Redo one by one, from clean copies: only the culprit is set aside.
            return [done for article in untouched for done in self._run_batch([article], on_error)]
        return batch

    def options(self) -> dict[str, Any]:
        """Return the options this stage runs with, ready for JSON."""
        return asdict(self)

    def fingerprint(self) -> dict[str, Any]:
        """Return all that the output depends on besides the articles: work done under another one is redone.

        Stages that read models or tables extend it with their digests.
        """
        return {"name": self.name, "version": self.version, "options": self.options()}


def stage_names() -> list[str]:
    """Return the names of all installed stages, third-party ones included, sorted."""
    return sorted({entry.name for entry in entry_points(group=ENTRY_POINT_GROUP)})


@cache
def stage_class(name: str) -> type[Stage]:
    """Find an installed stage by name, importing only that one.

    Raises:
        ConfigError: when there is no such stage, or what is registered under the name is not one.
    """
    found = list(entry_points(group=ENTRY_POINT_GROUP, name=name))
    if not found:
        raise ConfigError(f"there is no stage {name!r}; installed are: {', '.join(stage_names())}")
    try:
        loaded = found[0].load()
    except ImportError as error:
        raise ConfigError(f"stage {name!r} ({found[0].value}) cannot be imported: {error}") from error
    if not (isinstance(loaded, type) and issubclass(loaded, Stage)):
        raise ConfigError(f"stage {name!r} ({found[0].value}) is not a subclass of dealfacts.Stage")
    return loaded


def load(name: str, **options: Any) -> Stage:
    """Make a stage by name.

    Args:
        name: an installed stage, such as `detect` or `extract`.
        **options: the stage's own options; see `dealfacts stages`.

    Raises:
        ConfigError: when there is no such stage or it does not take such an option.

    >>> load("detect").requires
    ('text',)
    """
    kind = stage_class(name)
    try:
        return kind(**options)
    except TypeError as error:
        raise ConfigError(f"stage {name!r}: {error}") from error


def check_order(stages: Iterable[Stage], given: Iterable[str] = ("id", "text")) -> None:
    """Check that each stage finds what it requires among what was given and what earlier stages assign.

    Raises:
        ConfigError: naming the first stage that cannot run, and which stages would supply what it lacks.
    """
    present = set(given)
    for stage in stages:
        if missing := [key for key in stage.requires if key not in present]:
            suppliers = " or ".join(_stages_that_assign(missing))
            hint = f"; put {suppliers} before it" if suppliers else ""
            raise ConfigError(
                f"stage {stage.name!r} needs {', '.join(missing)}, which no earlier stage adds{hint}"
            )
        present.update(stage.assigns)


def _stages_that_assign(keys: Iterable[str]) -> Iterator[str]:
    for name in stage_names():
        with contextlib.suppress(ConfigError):  # a stage that cannot be loaded is no help
            if set(keys) & set(stage_class(name).assigns):
                yield name


def check_requirements(stage: Stage, article: Article) -> None:
    """Raise `DealfactsError` when an article lacks a key that the stage requires."""
    if missing := [key for key in stage.requires if getattr(article, key, None) is None]:
        raise DealfactsError(
            f"article {article.id!r} has no {', '.join(missing)}, which stage {stage.name!r} needs"
        )
