"""Reading for the broker's pages: each page's lines in few statements, never more than a page shows."""
