"""Alembic's entry point: it runs on the connection that `storage.migrations` hands over."""

from alembic import context

from storage import models  # noqa: F401 - the tables register themselves
from storage.base import Base
from storage.migrations import is_compared

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_name=is_compared,
    # SQLite cannot alter a constraint in place.
    render_as_batch=True,
    user_module_prefix="",
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
