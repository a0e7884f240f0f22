"""A chat bot that runs a weekly paper reading group. Start reading at `bot/app.py`."""

import sys

# python-telegram-bot imports httpx, which we do not use, and httpx its own command line, with
# click, rich and Pygments, wherever they are installed. With this it finds none, and goes on
# without: 5 MB, and a twentieth of the start.
sys.modules["httpx._main"] = None  # type: ignore[assignment]
