"""How fast the bot is, beside what is possible and beside what people would use instead.

`make bench` measures every row, prints one table, and writes it to `benchmarks/results.md`;
`make bench ARGS="answers pages"` measures some. Figures are ratios, measured side by side in one
run: contestants take turns, several rounds each, and the median counts. Nothing is asserted here.

- `responder.py` stands in for Telegram, in a process of its own. It is a lean Bot API server that
  answers from prepared bytes, lets everybody wait for the answer before the next message, and takes
  the times; the sandbox, which is not too slow for that, does neither.
- `bots/` are the contestants, each in a process of its own. aiogram has a virtual environment of
  its own, since it wants an older pydantic.
- The bot runs without flood limits, as for a server that has none; the row about reminders is the
  one with the limits.
- Every module named in `__main__.py` measures some rows and gives them back as `Row`.
"""
