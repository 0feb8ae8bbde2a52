"""`./run demo` whose Slack waits longer than three seconds for the app: a busy machine is no mistake of the page's."""

import sys

from bot.slack_rules import limits

PATIENCE = 60
"""Real seconds."""

if __name__ == "__main__":
    limits.ACKNOWLEDGE_SECONDS = limits.TRIGGER_SECONDS = PATIENCE
    # Only now, for it takes the limits by name.
    from bot.cli import main

    sys.exit(main(sys.argv[1:]))
