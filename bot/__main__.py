"""`python -m bot COMMAND`; people type `./run COMMAND`."""

import sys

from bot.cli import main

sys.exit(main(sys.argv[1:]))
