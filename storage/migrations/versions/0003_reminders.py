"""What a group and a member hear, weekly messages, changes told to the group, nags"""

import sqlalchemy as sa
from alembic import op

from storage.base import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DELIVERY_KINDS = (
    "announcement",
    "day_before",
    "starting_soon",
    "no_meeting",
    "open_slots",
    "changes",
    "message",
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
)
DRAFT_KINDS = ("claim", "paper", "video", "message")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CHECKLIST = (
    "At least 45 minutes",
    "Strengths and weaknesses",
    "Related work of the past three years",
    "Slides",
)
SWITCHES = ("day_before", "slides_missing", "video_missing", "no_meeting", "pins")


def upgrade() -> None:
    _alter_groups()
    op.add_column("chats", sa.Column("pinned_message_id", sa.BigInteger()))
    op.add_column("chats", sa.Column("trouble", sa.String(200)))
    _alter_members()
    op.add_column("meetings", sa.Column("nag_at", UTCDateTime()))
    is_set = sa.text("nag_at IS NOT NULL")
    op.create_index(
        "ix_meetings_nag_at", "meetings", ["nag_at"], sqlite_where=is_set, postgresql_where=is_set
    )
    _alter_deliveries()
    _alter_drafts()


def _alter_groups() -> None:
    days = "CHECK (announcement_days BETWEEN 2 AND 7)"
    minutes = "CHECK (soon_minutes BETWEEN 5 AND 180)"
    weekday = f"CHECK ({_one_of('open_slots_day', WEEKDAYS)})"
    _add("groups", "announcement_days", f"INTEGER CONSTRAINT ck_groups_announcement_days {days}")
    _add("groups", "soon_minutes", f"INTEGER CONSTRAINT ck_groups_soon_minutes {minutes}")
    _add("groups", "open_slots_day", f"VARCHAR(20) CONSTRAINT ck_groups_open_slots_day {weekday}")
    for switch in SWITCHES:
        _add("groups", switch, "BOOLEAN DEFAULT true NOT NULL")
    _add("groups", "quiet_from", "TIME DEFAULT '22:00:00' NOT NULL")
    _add("groups", "quiet_until", "TIME DEFAULT '08:00:00' NOT NULL")
    _add("groups", "checklist", "TEXT DEFAULT '' NOT NULL")
    op.add_column("groups", sa.Column("tell_at", sa.Time()))
    op.add_column("groups", sa.Column("weeks_planned_to", UTCDateTime()))
    op.create_index(op.f("ix_groups_weeks_planned_to"), "groups", ["weeks_planned_to"])
    op.execute("UPDATE groups SET announcement_days = 3, soon_minutes = 30")
    op.execute("UPDATE groups SET open_slots_day = 'friday'")
    # Long ago: the bot plans what such a group is to hear from now on at its first tick.
    op.execute(
        "UPDATE groups SET weeks_planned_to = '2026-01-01 00:00:00' "
        "WHERE id IN (SELECT group_id FROM chats)"
    )
    points = sa.table("groups", sa.column("checklist"))
    op.execute(points.update().values(checklist="\n".join(CHECKLIST)))


def _alter_members() -> None:
    hours = "CHECK (remind_hours BETWEEN 1 AND 168)"
    _add("members", "hears_own", "BOOLEAN DEFAULT true NOT NULL")
    _add("members", "hears_all", "BOOLEAN DEFAULT false NOT NULL")
    _add(
        "members",
        "remind_hours",
        f"INTEGER DEFAULT 24 NOT NULL CONSTRAINT ck_members_remind_hours {hours}",
    )
    _add("members", "muted", "BOOLEAN DEFAULT false NOT NULL")


def _alter_deliveries() -> None:
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_constraint(op.f("ck_deliveries_kind"), type_="check")
        deliveries.create_check_constraint(
            op.f("ck_deliveries_kind"), _one_of("kind", DELIVERY_KINDS)
        )
        deliveries.add_column(sa.Column("text", sa.Text()))
        deliveries.add_column(
            sa.Column("stale", sa.Boolean(), nullable=False, server_default=sa.text("false"))
        )
        deliveries.create_check_constraint(
            op.f("ck_deliveries_message_has_text"), "kind <> 'message' OR text IS NOT NULL"
        )
    # SQLite takes an index only where a query says the same, and has numbers for booleans.
    op.create_index(
        "ix_deliveries_stale",
        "deliveries",
        ["id"],
        sqlite_where=sa.text("stale = 1"),
        postgresql_where=sa.text("stale"),
    )
    op.create_index(op.f("ix_deliveries_group_id_due_at"), "deliveries", ["group_id", "due_at"])


def _alter_drafts() -> None:
    # SQLite forgets which ids were given when a table is made anew without this.
    kept = {"sqlite_autoincrement": True}
    with op.batch_alter_table("drafts", table_kwargs=kept) as drafts:
        drafts.drop_constraint(op.f("ck_drafts_kind"), type_="check")
        drafts.create_check_constraint(op.f("ck_drafts_kind"), _one_of("kind", DRAFT_KINDS))
        drafts.add_column(sa.Column("text", sa.Text()))
        drafts.create_check_constraint(
            op.f("ck_drafts_message_has_text"), "kind <> 'message' OR text IS NOT NULL"
        )


def _add(table: str, column: str, rest: str) -> None:
    """This says the same to both databases, and needs no copy of the table on SQLite."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {rest}")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"
