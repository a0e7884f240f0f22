"""An index of titles, by three letters each

It is for `storage.queries.trigrams`. It keeps no titles of its own, and is kept by triggers on
`talks`: whoever makes that table anew, as `batch_alter_table` does, takes them away and has to make
them again.

Talks are taken in 256 at a time: those behind the last that is in it, since ids only grow. To take
in each by itself would put a third more on the disk for a claim.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute(
        """CREATE VIRTUAL TABLE talk_titles USING fts5(
            title, content='talks', content_rowid='id', tokenize='trigram', detail=none)"""
    )
    op.execute("INSERT INTO talk_titles (rowid, title) SELECT id, title FROM talks")
    for trigger in (_ADDED, _CHANGED, _DELETED):
        op.execute(trigger)


_ADDED = """CREATE TRIGGER talk_titles_added AFTER INSERT ON talks
    WHEN new.id - (SELECT ifnull(max(id), 0) FROM talk_titles_docsize) NOT BETWEEN 1 AND 255
    BEGIN
        INSERT INTO talk_titles (rowid, title) SELECT new.id, new.title
            WHERE new.id <= (SELECT ifnull(max(id), 0) FROM talk_titles_docsize);
        INSERT INTO talk_titles (rowid, title) SELECT id, title FROM talks
            WHERE id > (SELECT ifnull(max(id), 0) FROM talk_titles_docsize);
    END"""
_CHANGED = """CREATE TRIGGER talk_titles_changed AFTER UPDATE OF title ON talks
    WHEN EXISTS (SELECT 1 FROM talk_titles_docsize WHERE id = old.id)
    BEGIN
        INSERT INTO talk_titles (talk_titles, rowid, title) VALUES ('delete', old.id, old.title);
        INSERT INTO talk_titles (rowid, title) VALUES (new.id, new.title);
    END"""
_DELETED = """CREATE TRIGGER talk_titles_deleted AFTER DELETE ON talks
    WHEN EXISTS (SELECT 1 FROM talk_titles_docsize WHERE id = old.id)
    BEGIN
        INSERT INTO talk_titles (talk_titles, rowid, title) VALUES ('delete', old.id, old.title);
    END"""
