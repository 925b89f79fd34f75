"""Whose fair it is."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shop.db import Texts, reading
from shop.errors import NotFound
from shop.expo.models import Expo, ExpoOrganizer
from shop.web.access import current_actor, rule


@dataclass(frozen=True, slots=True)
class Fair:
    """A fair that the signed-in organizer may work on."""

    id: int
    slug: str
    name: Texts
    venue: Texts
    starts_on: date
    ends_on: date
    entry_deadline: date


def fair_of(expo: Expo) -> Fair:
    """The frozen value of a row."""
    return Fair(expo.id, expo.slug, expo.name, expo.venue, expo.starts_on, expo.ends_on, expo.entry_deadline)


@rule("organizer")
def organizing() -> None:
    """Any organizer: she is shown her own fairs only."""


@rule("organizer", own="expo")
def my_fair(slug: str) -> Fair:
    """The fair, if she is one of its organizers; NotFound otherwise, so that she learns of no other."""
    with reading() as session:
        expo = session.scalar(
            select(Expo)
            .join(ExpoOrganizer, ExpoOrganizer.expo_id == Expo.id)
            .where(Expo.slug == slug, ExpoOrganizer.user_id == current_actor().user_id)
        )
    if expo is None:
        raise NotFound(what="expo")
    return fair_of(expo)
