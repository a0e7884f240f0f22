"""Everything that knows Telegram. No other package imports python-telegram-bot."""

import os

# The library's times become `timedelta`, as they will be in its next major version; without this
# each look at `RetryAfter.retry_after` warns.
os.environ.setdefault("PTB_TIMEDELTA", "true")
