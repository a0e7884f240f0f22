"""Pictures for the chat: the week's card and the chart of `/stats`.

`studio` is the way in. The modules that draw import matplotlib, which takes a second and fifty
megabytes; a bot that draws nothing never loads it.
"""
