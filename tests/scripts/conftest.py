"""Let the tests import the scripts by the name they run under: `scripts.fill_templates`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
