"""``python -m kg`` is the command ``kg``."""

import sys

from kg.cli.main import main

sys.exit(main())
