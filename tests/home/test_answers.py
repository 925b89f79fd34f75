"""How buyer pages are answered: cacheable, without a cookie, in the language asked for; and what machines read."""

import gzip

import pytest
from lxml import etree

from shop.db import writing
from shop.home.queries import sitemap
from shop.people.models import User
from shop.people.passwords import hashed
from tests.people import ANNA
from tests.support.apps import SITE

PASSWORD = "lotus lantern river"
PAGES = ["/en/", "/zh/products", "/vi/search?q=sen", "/en/products/lotus", "/en/makers", "/en/p/QS-0300-01"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_sets_no_cookie_and_may_be_cached(shop, client, path):
    for _ in range(2):
        response = client.get(path)
        assert "Set-Cookie" not in response.headers
        assert response.headers["Cache-Control"] == "public, no-cache"
        assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("path", PAGES)
def test_an_unchanged_page_is_not_sent_again_and_a_changed_one_is(shop, client, withdraw, path):
    etag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert not again.data
    if "plate" in path or "p/" in path:
        withdraw(5, "name")
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_page_weighs_eight_kilobytes_at_most(shop, client, path):
    assert len(gzip.compress(client.get(path).data, 6)) <= 8_000


def test_two_visitors_get_their_own_addresses_in_the_same_frame(shop, visit):
    first, second = visit("/en/products?sort=low"), visit("/en/products?craft=knots")
    assert first.hrefs(".lang a") == ["/zh/products?sort=low", "/vi/products?sort=low", "/en/products?sort=low"]
    assert second.hrefs(".lang a")[0] == "/zh/products?craft=knots"
    assert [one.get("href") for one in second.doc.cssselect('link[rel="alternate"]')] == second.hrefs(".lang a")


def test_the_title_is_each_pages_own(shop, visit):
    assert visit("/en/products/lotus").doc.findtext(".//title").startswith("Lotus pond · ")
    assert visit("/en/products/plate").doc.findtext(".//title").startswith("Lotus plate · ")


def test_who_is_signed_in_sees_her_name_and_nobody_else_does(shop, client, visit):
    with writing() as session:
        anna = session.get_one(User, ANNA.user_id)
        anna.password_hash, anna.name = hashed(PASSWORD), "Anna Buys"
    mine = client.application.test_client()
    assert mine.send("/sign-in", email="anna@example.org", password=PASSWORD).status_code == 303
    for path in ("/en/products", "/en/products/lotus"):
        visit(path)
        hers = mine.get(path)
        assert hers.headers["Cache-Control"] == "private, no-store"
        assert "Anna Buys" in hers.get_data(as_text=True)
        assert "Anna Buys" not in visit(path).source


@pytest.mark.parametrize(
    ("wanted", "lang"),
    [
        ("zh-CN,zh;q=0.9", "zh"),
        ("vi", "vi"),
        ("fr,de", "en"),
        ("", "en"),
        ("zh-TW", "zh"),
        ("de,vi;q=0.5,en;q=0.3", "vi"),
    ],
)
def test_an_address_without_a_language_leads_to_the_one_asked_for(shop, client, wanted, lang):
    for path in (
        "/",
        "/products?sort=low",
        "/products/lotus",
        "/search?q=%E7%BB%A3",
        "/p/QS-0300-01",
        "/makers",
        "/cart",
    ):
        response = client.get(path, headers={"Accept-Language": wanted})
        assert response.status_code == 302
        assert response.headers["Location"] == f"/{lang}{path}"
        assert "Accept-Language" in response.headers["Vary"]


def test_a_piece_number_without_a_language_still_opens_its_record(shop, visit):
    assert visit("/p/QS-0300-01", lang="en").h1 == "QS-0300-01"


def _addresses(client, path="/sitemap.xml"):
    tree = etree.fromstring(client.get(path).data)
    return [one.text for one in tree.iter("{*}loc")]


def test_the_site_map_holds_every_public_page_in_three_languages(shop, client):
    found = _addresses(client)
    for path in ("", "products", "products/lotus", "makers/maker-0001", "workshops/workshop-1", "crafts/knots"):
        for lang in ("zh", "vi", "en"):
            assert f"{SITE}/{lang}/{path}" in found
    assert len(found) == len(set(found))
    for address in found:
        if "/pages/" not in address:
            assert client.get(address.removeprefix(SITE)).status_code == 200, address


def test_a_large_site_map_comes_in_parts(shop, client, monkeypatch):
    monkeypatch.setattr(sitemap, "CHUNK", 2)
    monkeypatch.setattr(sitemap, "_PRODUCTS", sitemap._PRODUCTS.limit(2))
    parts = _addresses(client)
    assert parts == [f"{SITE}/sitemap.xml?part=1", f"{SITE}/sitemap.xml?part=2"]
    found = [address for part in parts for address in _addresses(client, part.removeprefix(SITE))]
    assert sum("/en/products/" in address for address in found) == 3
    assert client.get("/sitemap.xml?part=3").status_code == 404


def test_robots_are_told_what_is_not_for_them(app, client):
    text = client.get("/robots.txt").get_data(as_text=True)
    assert f"Sitemap: {SITE}/sitemap.xml" in text
    assert "Disallow: /office/" in text


def test_an_empty_shop_says_so(app, visit):
    from tests.factories.catalog import make_shop

    for path in ("", "products", "search?q=x", "makers", "workshops"):
        assert visit(f"/en/{path}").status == 200
    with writing() as session:
        make_shop(session)
