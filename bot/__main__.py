"""`python -m bot` is `reading-group-bot`."""

from bot.cli import main

raise SystemExit(main())
