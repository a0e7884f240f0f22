"""Everything that knows Telegram. No other package imports python-telegram-bot."""
