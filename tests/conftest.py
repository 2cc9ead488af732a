"""What every test needs: a cache of its own, so that no test reads or writes the user's."""

import os
import tempfile

os.environ["STANCE_CACHE"] = tempfile.mkdtemp(prefix="stance-cache-")
