"""The search index: FTS5 on SQLite, a tsvector with GIN on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Planned anew for each question by EXECUTE: a plan for any question at all fetches every hit of a common word before it
# takes the newest (a second at 100,000 entries), one made for this question reads the newest only (five milliseconds).
# At least 500, or a rare word would be looked for by reading everything backwards in the hope of a few early hits.
# 1 in ts_rank: a long text holds any word more easily, so a hit in it counts for less.
HITS = """
CREATE FUNCTION search_hits(question text, wanted text, bound bigint, ranked boolean)
RETURNS TABLE (id bigint, ref bigint, rank real) LANGUAGE plpgsql STABLE ROWS 500 AS $$
BEGIN
  RETURN QUERY EXECUTE
    'SELECT newest.id, newest.ref, CASE WHEN $4 THEN -ts_rank(newest.words, to_tsquery(''simple'', $1), 1) ELSE 0 END
     FROM (SELECT e.id, e.ref, e.words FROM search_entry e
           WHERE e.words @@ to_tsquery(''simple'', $1) AND e.kind = $2 ORDER BY e.id DESC LIMIT greatest($3, 500)) newest
     LIMIT $3'
    USING question, wanted, bound, ranked;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("ref", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("kind", "ref", name=op.f("uq_search_entry_kind_ref")),
    )
    if op.get_bind().dialect.name == "sqlite":
        # unicode61 would fold only part of what shop/words.py folds, and differently from PostgreSQL
        op.execute("CREATE VIRTUAL TABLE search_words USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')")
        return
    op.execute("ALTER TABLE search_entry ADD COLUMN words tsvector NOT NULL")
    op.execute("CREATE INDEX ix_search_entry_words ON search_entry USING gin (words)")
    op.execute(HITS)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
    else:
        op.execute("DROP FUNCTION search_hits")
    op.drop_table("search_entry")
