"""Office pages, a module a subject."""
