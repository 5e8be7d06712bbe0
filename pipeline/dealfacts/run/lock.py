"""One run at a time in an output folder: two that write the same files would damage each other's."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from dealfacts.errors import ConfigError
from dealfacts.run.stored import STATE_FOLDER

if sys.platform == "win32":
    import msvcrt

    def _take(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


_HELD = {errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK}
_NOT_OFFERED = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What a file system without locks answers: there a run goes on unlocked."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other runs out of an output folder, which is made when it is not there.

    The lock is the operating system's, on the empty file `.state/lock`: it ends with the process, also
    one that is killed. The file stays, since another run may hold it open already.

    Raises:
        ConfigError: when another run is writing to the folder.
    """
    path = folder / STATE_FOLDER / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        try:
            _take(file)
        except OSError as error:
            if error.errno in _HELD:
                raise ConfigError(
                    f"{folder}: another run is writing to this folder; "
                    "wait until it has ended, or choose another output folder"
                ) from error
            if error.errno not in _NOT_OFFERED:
                raise
        yield
