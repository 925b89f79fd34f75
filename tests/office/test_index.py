"""The office's first page: is there enough, and whose pay left us without her word."""

import pytest

from shop.db import writing
from shop.people.models import User
from tests.factories.world import make_world
from tests.people import TAO
from tests.support.signing import sign_in


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_pay_that_was_sent_waits_here_until_she_confirms(app, client, visit, lang):
    make_world()
    with writing() as session:
        session.get_one(User, TAO.user_id).lang = lang
    sign_in(client, TAO)
    page = visit("/office/", lang=lang)
    assert "236.00" in page.text.replace(",", ".")
