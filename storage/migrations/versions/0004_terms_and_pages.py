"""Terms that are planned and closed in the chat, files, and pages that keep themselves"""

import sqlalchemy as sa
from alembic import op

from storage.base import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DELIVERY_KINDS = (
    "announcement",
    "day_before",
    "starting_soon",
    "no_meeting",
    "open_slots",
    "changes",
    "online",
    "message",
    "term_closed",
    "prepare",
    "reminder",
    "slides_missing",
    "video_missing",
    "uncertain",
    "unreachable",
    "trouble",
    "request",
    "answer",
    "offer",
    "change",
    "page",
)
DRAFT_KINDS = ("claim", "paper", "video", "message", "term", "meeting", "file")
PAGE_CHOICES = ("page", "schedule")


def upgrade() -> None:
    op.add_column("terms", sa.Column("closed_at", UTCDateTime()))
    op.add_column("meetings", sa.Column("place", sa.String(200)))
    op.add_column("meetings", sa.Column("online_url", sa.String(2000)))
    _add("groups", "online", "BOOLEAN DEFAULT true NOT NULL")
    _add("members", "gone", "BOOLEAN DEFAULT false NOT NULL")
    _add("groups", "cards", "BOOLEAN DEFAULT true NOT NULL")
    _add("groups", "link_hosts", "TEXT DEFAULT '' NOT NULL")
    op.add_column("groups", sa.Column("country", sa.String(10)))
    _alter_deliveries()
    op.add_column("deliveries", sa.Column("card", sa.String(64)))
    _alter_drafts()
    _give_ids_once()
    _create_files()
    _create_publications()
    _create_term_pages()
    op.create_index("ix_talks_words", "talks", ["group_id", "venue", "title", "year", "slot_id"])


def _alter_deliveries() -> None:
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_constraint(op.f("ck_deliveries_kind"), type_="check")
        deliveries.create_check_constraint(
            op.f("ck_deliveries_kind"), _one_of("kind", DELIVERY_KINDS)
        )


def _alter_drafts() -> None:
    kept = {"sqlite_autoincrement": True}
    with op.batch_alter_table("drafts", table_kwargs=kept) as drafts:
        drafts.drop_constraint(op.f("ck_drafts_kind"), type_="check")
        drafts.create_check_constraint(op.f("ck_drafts_kind"), _one_of("kind", DRAFT_KINDS))
        drafts.add_column(sa.Column("plan", sa.JSON(none_as_null=True)))
        drafts.create_check_constraint(
            op.f("ck_drafts_has_plan"), "kind NOT IN ('term', 'meeting') OR plan IS NOT NULL"
        )


def _give_ids_once() -> None:
    """A term that is taken back is gone, while buttons still name its meetings and slots."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in ("terms", "meetings", "slots"):
        with op.batch_alter_table(
            table, recreate="always", table_kwargs={"sqlite_autoincrement": True}
        ):
            pass


def _create_files() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("talk_id", sa.Integer()),
        sa.Column("member_id", sa.Integer()),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("telegram_file_id", sa.String(200)),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_files_size")),
        *_of_group("files"),
        _same_group("files", "talk_id", "talks"),
        _same_group("files", "member_id", "members"),
        sa.UniqueConstraint("group_id", "name", name=op.f("uq_files_group_id_name")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_files_group_id_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_files_talk_id"), "files", ["talk_id"])


def _create_publications() -> None:
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("try_at", UTCDateTime()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(300)),
        *_of_group("publications"),
        sa.UniqueConstraint("group_id", name=op.f("uq_publications_group_id")),
        sa.UniqueConstraint("group_id", "id", name=op.f("uq_publications_group_id_id")),
    )
    op.create_index(op.f("ix_publications_try_at"), "publications", ["try_at"])


def _create_term_pages() -> None:
    op.create_table(
        "term_pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("writing", sa.String(64)),
        sa.Column("conflict", sa.String(64)),
        sa.Column("takable", sa.Boolean(), nullable=False),
        sa.Column("choice", sa.String(20)),
        sa.CheckConstraint(_one_of("choice", PAGE_CHOICES), name=op.f("ck_term_pages_choice")),
        *_of_group("term_pages"),
        _same_group("term_pages", "term_id", "terms"),
        sa.UniqueConstraint("term_id", name=op.f("uq_term_pages_term_id")),
    )


def _of_group(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f(f"fk_{table}_group_id")),
    )


def _same_group(table: str, column: str, other: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        ["group_id", column],
        [f"{other}.group_id", f"{other}.id"],
        name=op.f(f"fk_{table}_group_id_{column}"),
    )


def _add(table: str, column: str, rest: str) -> None:
    """This says the same to both databases, and needs no copy of the table on SQLite."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {rest}")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"
