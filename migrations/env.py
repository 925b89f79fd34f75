"""Alembic's door: the same schema on SQLite and PostgreSQL, under the connection that the caller gives."""

from alembic import context

from shop.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
