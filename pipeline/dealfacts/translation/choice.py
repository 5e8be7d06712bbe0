"""Choose a translation model: the shipped one, a folder, one of the hub, or the best that is installed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from dealfacts.errors import ConfigError, ModelError
from dealfacts.models import MODELS_VARIABLE, model_digest, model_folders
from dealfacts.translation.backends import Backend
from dealfacts.translation.ct2 import CTranslate2Backend
from dealfacts.translation.huggingface import HuggingFaceBackend
from dealfacts.translation.manifest import FILE_NAME, Manifest

SHIPPED_PREFIX = "mt-"
"""Folders of our own models begin so; fetched ones have the names they have on the hub."""

CHOICES = "auto, shipped, ct2:FOLDER or hf:NAME-OR-FOLDER"


def check_choice(translator: str) -> None:
    """Raise `ConfigError` unless `translator` is one of `CHOICES`."""
    kind, _, rest = translator.partition(":")
    if translator not in {"auto", "shipped"} and not (kind in {"ct2", "hf"} and rest):
        raise ConfigError(f"there is no translator {translator!r}; choose {CHOICES}")


def open_backend(translator: str, language: str, threads: int = 0) -> Backend:
    """Open the model to translate a language with.

    Args:
        translator: `auto` (of all models installed, the one with the best score for the language),
            `shipped` (the best of our own), `ct2:FOLDER`, or `hf:NAME-OR-FOLDER`.
        language: such as `nl`.
        threads: sentences translated at a time; 0 means one for each core.

    Raises:
        ConfigError: when `translator` is none of these.
        ModelError: when the model is missing, damaged, or does not know the language.
    """
    check_choice(translator)
    kind, _, rest = translator.partition(":")
    if kind == "hf":
        backend: Backend = HuggingFaceBackend(rest, threads)
    elif kind == "ct2":
        backend = CTranslate2Backend(Path(rest), threads)
    else:
        backend = CTranslate2Backend(_best_installed(language, shipped_only=translator == "shipped"), threads)
    if not backend.covers(language):
        raise ModelError(f"the model {backend.name} does not translate from {language!r}; choose another")
    return backend


def choice_digest(translator: str, language: str) -> str | None:
    """Tell two choices of model apart without loading either: a digest, or None where there is no model.

    A model of the hub is known by its name alone.
    """
    check_choice(translator)
    kind, _, rest = translator.partition(":")
    if kind == "hf" and not Path(rest).is_dir():
        return rest
    try:
        folder = Path(rest) if rest else _best_installed(language, shipped_only=translator == "shipped")
        return model_digest(folder)
    except ModelError:
        return None


def _best_installed(language: str, *, shipped_only: bool) -> Path:
    """Return the folder with the highest BLEU for a language; between equals the first by name."""
    found = [
        (-Decimal(manifest.bleu.get(language, "0")), folder.name, folder)
        for folder, manifest in installed_models()
        if language in manifest.languages and (folder.name.startswith(SHIPPED_PREFIX) or not shipped_only)
    ]
    if not found:
        raise ModelError(
            f"no {'shipped ' if shipped_only else ''}translation model for {language!r} is installed; run "
            f"`make models`, set {MODELS_VARIABLE} to a folder of models, or name one: ct2:FOLDER, hf:NAME"
        )
    return min(found)[2]


def installed_models() -> Iterator[tuple[Path, Manifest]]:
    """Yield every installed translation model; of two with one name the first in search order."""
    seen: set[str] = set()
    for root in model_folders():
        for path in sorted(root.glob(f"*/{FILE_NAME}")):
            if path.parent.name not in seen and (path.parent / "model.bin").is_file():
                seen.add(path.parent.name)
                yield path.parent, Manifest.read(path.parent)
