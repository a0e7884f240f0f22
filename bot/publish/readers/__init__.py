"""Other people's pages, read into the same `ParsedPage` as the group's own.

A Markdown table, a dated list, CSV and iCalendar: each becomes rows of cells whose meaning is known
(`fields`), each row becomes a meeting's talks (`talks`), and all of them a term (`schedule`). What
was not understood is a problem with its line, and what a schedule has no place for is a note.
"""
