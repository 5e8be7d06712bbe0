"""Where shipped weights live: one folder a model, found the same way from a wheel, an sdist or a checkout."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

from dealfacts.errors import ModelError

MODELS_VARIABLE = "DEALFACTS_MODELS"
"""Environment variable that names a folder to look in first."""

_PACKAGE = Path(__file__).resolve().parent


def model_folders() -> list[Path]:
    """Return the folders that may hold models, in the order they are searched.

    First `$DEALFACTS_MODELS`, then the data of the installed package, then `models/` of the
    repository that an editable install points into.
    """
    named = os.environ.get(MODELS_VARIABLE)
    folders = [Path(named)] if named else []
    folders.append(_PACKAGE / "_models")
    if _PACKAGE.parent.name == "pipeline":
        folders.append(_PACKAGE.parent.parent / "models")
    return folders


def find_model(name: str) -> Path:
    """Find the folder of a shipped model.

    Args:
        name: the model's name, such as `ner`: a folder inside one of `model_folders()`.

    Returns:
        The first such folder that is there and not empty.

    Raises:
        ModelError: when no folder holds it, or the name would lead out of them.
    """
    if name in {"", "..", "."} or Path(name).name != name:
        raise ModelError(f"{name!r} is not the name of a model: give a plain folder name such as 'ner'")
    folders = model_folders()
    for folder in folders:
        path = folder / name
        if path.is_dir() and any(path.iterdir()):
            return path
    raise ModelError(
        f"there is no model {name!r} in {', '.join(map(str, folders))}; "
        f"reinstall dealfacts, or set {MODELS_VARIABLE} to the folder that holds it"
    )


@cache
def model_digest(path: Path) -> str:
    """Return the SHA-256 over the names and bytes of all files of a model (hidden ones left out).

    The digest is remembered for the process: a model must not change while it is in use.

    Raises:
        ModelError: when the folder has no files.
    """
    files = sorted(
        (file.relative_to(path).as_posix(), file)
        for file in path.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts)
    )
    if not files:
        raise ModelError(f"{path} holds no model files; reinstall dealfacts or name another model")
    total = hashlib.sha256()
    for name, file in files:
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256")
        # Names cannot hold a newline, digests have a fixed length.
        total.update(f"{name}\n{digest.hexdigest()}\n".encode())
    return total.hexdigest()
