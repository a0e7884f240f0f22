"""Requests, offers, waiting lists, and what catalogues say of papers"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.base import UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DELIVERY_KINDS = (
    "announcement",
    "day_before",
    "uncertain",
    "request",
    "answer",
    "offer",
    "change",
)
DRAFT_KINDS = ("claim", "paper", "video")


def upgrade() -> None:
    _create_requests()
    _create_offers()
    _create_waits()
    _create_lookups()
    # These say the same to both databases, and need no copy of the table on SQLite.
    op.execute("ALTER TABLE groups ADD COLUMN selection_rule VARCHAR(200)")
    op.execute("UPDATE groups SET selection_rule = 'SOSP/OSDI + arXiv'")
    op.execute(
        "ALTER TABLE groups ADD COLUMN max_supporters INTEGER DEFAULT 3 NOT NULL "
        "CONSTRAINT ck_groups_max_supporters CHECK (max_supporters BETWEEN 0 AND 9)"
    )
    op.execute(
        "ALTER TABLE groups ADD COLUMN fill_days INTEGER "
        "CONSTRAINT ck_groups_fill_days CHECK (fill_days BETWEEN 1 AND 14)"
    )
    op.execute("ALTER TABLE members ADD COLUMN keeps_name BOOLEAN DEFAULT false NOT NULL")
    op.add_column("papers", sa.Column("authors", sa.JSON()))
    op.add_column("slots", sa.Column("message_id", sa.BigInteger()))
    op.add_column("meetings", sa.Column("turns_at", UTCDateTime()))
    is_set = sa.text("turns_at IS NOT NULL")
    op.create_index(
        "ix_meetings_turns_at",
        "meetings",
        ["turns_at"],
        sqlite_where=is_set,
        postgresql_where=is_set,
    )
    _alter_audit_entries()
    _alter_deliveries()
    _alter_drafts()
    _give_no_id_twice()


def _group_and_id(*rest: Any) -> tuple[Any, ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        *rest,
    )


def _same_group(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["group_id", column],
        [f"{other}.group_id", f"{other}.id"],
        name=op.f(f"fk_{table}_group_id_{column}"),
    )


def _of_group(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f(f"fk_{table}_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _within_group(table: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint("group_id", "id", name=op.f(f"uq_{table}_group_id_id"))


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=20)


def _create_requests() -> None:
    op.create_table(
        "requests",
        *_group_and_id(
            sa.Column(
                "kind", _word("kind", "swap", "hand_over", "bend", "identity"), nullable=False
            ),
            sa.Column(
                "state", _word("state", "open", "agreed", "declined", "withdrawn"), nullable=False
            ),
            sa.Column("asker_id", sa.Integer(), nullable=False),
            sa.Column("asked_id", sa.Integer()),
            sa.Column("name_id", sa.Integer()),
            sa.Column("slot_id", sa.Integer()),
            sa.Column("other_slot_id", sa.Integer()),
            sa.Column("talk_id", sa.Integer()),
            sa.Column("other_talk_id", sa.Integer()),
            sa.Column("title", sa.String(500)),
            sa.Column("url", sa.String(2000)),
            sa.Column("message_id", sa.BigInteger()),
            sa.Column("created_at", UTCDateTime(), nullable=False),
            sa.Column("expires_at", UTCDateTime(), nullable=False),
        ),
        sa.CheckConstraint("asked_id <> asker_id", name=op.f("ck_requests_asks_somebody_else")),
        sa.CheckConstraint(
            "expires_at > created_at", name=op.f("ck_requests_expires_after_created")
        ),
        _same_group("requests", "asker_id", "members"),
        _same_group("requests", "asked_id", "members"),
        _same_group("requests", "name_id", "members"),
        _same_group("requests", "slot_id", "slots"),
        _same_group("requests", "other_slot_id", "slots"),
        *_of_group("requests"),
        _within_group("requests"),
    )
    op.create_index(op.f("ix_requests_group_id_state"), "requests", ["group_id", "state"])


def _create_offers() -> None:
    op.create_table(
        "offers",
        *_group_and_id(
            sa.Column("slot_id", sa.Integer(), nullable=False),
            sa.Column("member_id", sa.Integer(), nullable=False),
            sa.Column("kind", _word("kind", "waiting", "turn", "filled"), nullable=False),
            sa.Column(
                "state",
                _word("state", "open", "taken", "declined", "expired", "withdrawn"),
                nullable=False,
            ),
            sa.Column("title", sa.String(500)),
            sa.Column("url", sa.String(2000)),
            sa.Column("made_at", UTCDateTime(), nullable=False),
            sa.Column("expires_at", UTCDateTime(), nullable=False),
        ),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_offers_expires_after_made")),
        _same_group("offers", "member_id", "members"),
        _same_group("offers", "slot_id", "slots"),
        *_of_group("offers"),
        _within_group("offers"),
    )
    is_open = sa.text("state = 'open'")
    for name, column, unique in (
        ("uq_offers_one_open", "slot_id", True),
        ("ix_offers_open_until", "expires_at", False),
    ):
        op.create_index(
            name, "offers", [column], unique=unique, sqlite_where=is_open, postgresql_where=is_open
        )
    op.create_index(op.f("ix_offers_slot_id"), "offers", ["slot_id"])


def _create_waits() -> None:
    op.create_table(
        "waits",
        *_group_and_id(
            sa.Column("member_id", sa.Integer(), nullable=False),
            sa.Column("slot_id", sa.Integer()),
            sa.Column("term_id", sa.Integer()),
            sa.Column("title", sa.String(500)),
            sa.Column("url", sa.String(2000)),
            sa.Column("since", UTCDateTime(), nullable=False),
        ),
        sa.CheckConstraint(
            "(slot_id IS NULL) <> (term_id IS NULL)", name=op.f("ck_waits_one_target")
        ),
        _same_group("waits", "member_id", "members"),
        _same_group("waits", "slot_id", "slots"),
        _same_group("waits", "term_id", "terms"),
        *_of_group("waits"),
        sa.UniqueConstraint("slot_id", "member_id", name=op.f("uq_waits_slot_id_member_id")),
        sa.UniqueConstraint("term_id", "member_id", name=op.f("uq_waits_term_id_member_id")),
        sqlite_autoincrement=True,
    )


def _create_lookups() -> None:
    op.create_table(
        "lookups",
        sa.Column("identity", sa.String(2100), nullable=False),
        sa.Column("title", sa.String(500)),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("venue", sa.String(50)),
        sa.Column("year", sa.Integer()),
        sa.Column("found", sa.Boolean(name="found"), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "NOT found OR title IS NOT NULL", name=op.f("ck_lookups_found_has_title")
        ),
        sa.PrimaryKeyConstraint("identity", name=op.f("pk_lookups")),
    )


def _alter_audit_entries() -> None:
    with op.batch_alter_table("audit_entries") as entries:
        entries.add_column(sa.Column("undoes_id", sa.Integer()))
        entries.create_unique_constraint(op.f("uq_audit_entries_group_id_id"), ["group_id", "id"])
        entries.create_unique_constraint(op.f("uq_audit_entries_undoes_id"), ["undoes_id"])
        entries.create_foreign_key(
            op.f("fk_audit_entries_group_id_undoes_id"),
            "audit_entries",
            ["group_id", "undoes_id"],
            ["group_id", "id"],
        )


def _alter_deliveries() -> None:
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_constraint(op.f("ck_deliveries_kind"), type_="check")
        deliveries.create_check_constraint(
            op.f("ck_deliveries_kind"), _one_of("kind", DELIVERY_KINDS)
        )
        for column, other in (
            ("request_id", "requests"),
            ("offer_id", "offers"),
            ("audit_id", "audit_entries"),
        ):
            deliveries.add_column(sa.Column(column, sa.Integer()))
            deliveries.create_foreign_key(
                op.f(f"fk_deliveries_group_id_{column}"),
                other,
                ["group_id", column],
                ["group_id", "id"],
            )
    op.create_index(op.f("ix_deliveries_request_id"), "deliveries", ["request_id"])
    op.create_index(op.f("ix_deliveries_offer_id"), "deliveries", ["offer_id"])


def _alter_drafts() -> None:
    with op.batch_alter_table("drafts") as drafts:
        drafts.drop_constraint(op.f("ck_drafts_kind"), type_="check")
        drafts.drop_constraint(op.f("ck_drafts_claim_has_title"), type_="check")
        drafts.create_check_constraint(op.f("ck_drafts_kind"), _one_of("kind", DRAFT_KINDS))
        drafts.create_check_constraint(
            op.f("ck_drafts_claim_is_named"),
            "kind <> 'claim' OR title IS NOT NULL OR url IS NOT NULL",
        )
        drafts.add_column(sa.Column("slot_id", sa.Integer()))
        drafts.add_column(sa.Column("chat_telegram_id", sa.BigInteger()))
        drafts.add_column(sa.Column("message_id", sa.BigInteger()))
        drafts.create_foreign_key(
            op.f("fk_drafts_group_id_slot_id"),
            "slots",
            ["group_id", "slot_id"],
            ["group_id", "id"],
        )


def _give_no_id_twice() -> None:
    """Only for SQLite, which otherwise gives the last row's id again once that row is deleted."""
    if op.get_bind().dialect.name == "sqlite":
        for table in ("drafts", "members", "talks"):
            kept = {"sqlite_autoincrement": True}
            with op.batch_alter_table(table, recreate="always", table_kwargs=kept):
                pass


def _one_of(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"
