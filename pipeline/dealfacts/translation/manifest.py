"""`translation.json`: what a model folder says about itself."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from dealfacts.errors import ModelError
from dealfacts.records import DecimalStr

FILE_NAME = "translation.json"
MAX_POSITIONS = 512
"""Positions that Marian models of transformers have."""


class Manifest(BaseModel):
    """What a model folder holds; a folder without the file is taken to translate whatever it is given.

    `bleu` is the score on FLORES-200 by source language (devtest, or dev): `auto` prefers the highest.
    """

    model_config = ConfigDict(extra="allow")

    name: str
    languages: list[str] = []
    bleu: dict[str, DecimalStr] = {}
    prefix: dict[str, list[str]] = {}
    """Pieces to put before the source, by language, for models that want to be told."""
    max_pieces: int | None = None
    """Longest input the model was trained for, in pieces."""
    max_positions: int = MAX_POSITIONS
    """Longest output the weights have positions for."""
    beam: int = 2
    """Beam of the first attempt: small models gain by a wider one."""
    doubtful_below: DecimalStr | None = None
    """Log probability a piece (mean) below which a translation is marked as suspect."""
    repetition_penalty: DecimalStr = "1"
    """What the score of a piece that was there already is divided by (Keskar et al. 2019); 1 for nothing."""
    source: str | None = None
    """Where the weights came from: a hub name with its revision, or the script that trained them."""
    licence: str | None = None
    sha256: dict[str, str] = {}
    """Checksums of the files the weights were converted from."""

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of a folder, or make do with its name.

        Raises:
            ModelError: when there is one and it cannot be read.
        """
        path = folder / FILE_NAME
        if not path.is_file():
            return cls(name=folder.name)
        try:
            return cls.model_validate(json.loads(path.read_bytes()))
        except (ValueError, ValidationError) as error:
            raise ModelError(f"{path} cannot be read: {error}") from error

    def write(self, folder: Path) -> None:
        """Write the manifest into a folder."""
        text = json.dumps(
            self.model_dump(exclude_defaults=True), indent=2, ensure_ascii=False, sort_keys=True
        )
        (folder / FILE_NAME).write_text(text + "\n", encoding="utf-8")
