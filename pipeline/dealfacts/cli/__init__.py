"""The command `dealfacts`. Standard output carries records only; all else goes to standard error."""

import os

# The matrices of one article are small: several threads would mostly wait for each other, and the workers
# of a run share the cores between them already. numpy reads this once, when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from dealfacts.cli.app import main

__all__ = ["main"]
