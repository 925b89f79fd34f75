"""Who may do what in the co-op's rooms. The treasurer reads, the officer looks after makers, the admin after the rest."""

from shop.actor import Actor
from shop.web.access import current_actor, rule

STAFF = ("treasurer", "officer", "admin")
OFFICERS = ("officer", "admin")


@rule(*STAFF)
def staff() -> Actor:
    """Whoever works at the co-op: lists, and what a thing is."""
    return current_actor()


@rule(*OFFICERS)
def officer() -> Actor:
    """Who looks after makers: their register, answers, mandates, PINs and cards."""
    return current_actor()


@rule("treasurer")
def treasurer() -> Actor:
    """Who drafts pay, sends it and counts cash. Whoever drafts never approves."""
    return current_actor()


@rule("admin")
def admin() -> Actor:
    """Who decides about workshops, brokers, users and the co-op itself."""
    return current_actor()


NOT_FOR = {"office.users": ("treasurer", "officer"), "office.imports": ("treasurer",)}
"""Entries of the side navigation that a role would only be refused at."""
