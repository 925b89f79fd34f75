"""The fixture that signs somebody in opens the door that the sign-in page opens."""

import pytest

from shop.db import writing
from tests.factories.catalog import make_shop
from tests.people import MEI


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_signed_in_browser_is_hers_and_another_is_nobodys(signed_in, client):
    with writing() as session:
        make_shop(session)
    assert "Mei" in signed_in(MEI).get("/me").text
    assert client.get("/me").status_code == 303
