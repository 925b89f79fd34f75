"""A shop with a fair of Otto's."""

from datetime import date

import pytest

from shop import clock
from shop.db import writing
from shop.expo.models import Expo, ExpoOrganizer
from tests.factories import catalog
from tests.people import OTTO
from tests.support import databases


@pytest.fixture
def fair(app):
    """The factory's shop and two fairs; Otto works on the first only."""

    def build() -> catalog.Shop:
        with writing() as session:
            shop = catalog.make_shop(session)
            for slug in ("spring-fair", "other-fair"):
                session.add(
                    Expo(
                        slug=slug,
                        name=catalog.tri("春季展", "Hội chợ xuân", "Spring fair"),
                        venue=catalog.tri("老丝厂", "Nhà máy tơ", "Silk works"),
                        preface=catalog.tri("序", "Lời tựa", "Preface"),
                        starts_on=date(2026, 12, 11),
                        ends_on=date(2026, 12, 14),
                        entry_deadline=date(2026, 12, 1),
                        created_at=clock.now(),
                    )
                )
            session.flush()
            session.add(ExpoOrganizer(expo_id=1, user_id=OTTO.user_id))
        return shop

    return databases.built("fair", build)
