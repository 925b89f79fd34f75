"""An organizer's selection and its files: hers only, trade prices only, nothing personal."""

import csv
import io

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import func, select

from shop.actor import COMMAND
from shop.catalog import services as catalog
from shop.catalog.models import Product
from shop.catalog.services import Part
from shop.db import reading, writing
from shop.errors import NotYours
from shop.expo import services
from shop.expo.errors import SelectionFull
from shop.expo.export import KINDS
from shop.expo.models import Entry
from shop.expo.queries import Wish, candidates, edition_of
from shop.makers.models import Consent
from tests.people import EVERYONE, MEI, OTTO
from tests.support.signing import sign_in


def choose(*ids: int, expo_id: int = 1, by=OTTO) -> int:
    with writing() as session:
        return services.choose(session, expo_id=expo_id, product_ids=ids, by=by)


def edition(tmp_path):
    with reading(snapshot=True) as session:
        return edition_of(session, expo_id=1, media=tmp_path, site_url="https://shop.test")


def trade(shop, slug: str, minor: int, quantity: int) -> None:
    with writing() as session:
        rest = minor - 23600 - 5200
        parts = [Part("maker", 23600), Part("materials", 5200), Part("broker", rest, "broker:1")]
        catalog.set_price(
            session,
            variant_id=shop.variants[slug],
            price_minor=minor,
            parts=parts,
            by=COMMAND,
            kind="trade",
            min_quantity=quantity,
            lead_days=25,
        )


def rename(shop, slug: str, **names: str) -> None:
    with writing() as session:
        from shop.catalog.models import Product

        product = session.get_one(Product, shop.products[slug])
        product.name = product.name | names


def test_choosing_twice_adds_once_and_only_what_is_on_sale(fair):
    assert choose(fair.products["lotus"], fair.products["lotus"], fair.products["plate"], 999) == 1
    assert choose(fair.products["lotus"], fair.products["knot"]) == 1
    with reading() as session:
        assert session.scalar(select(func.count(Entry.id))) == 2


def test_a_dropped_piece_leaves_the_catalogue(fair, tmp_path):
    choose(fair.products["lotus"], fair.products["knot"])
    with writing() as session:
        assert services.drop(session, expo_id=1, product_ids=[fair.products["lotus"]], by=OTTO) == 1
    assert [item.item_no for item in edition(tmp_path).items] == ["QS-0200"]


@pytest.mark.parametrize(("expo_id", "by"), [(2, OTTO), (1, MEI)])
def test_nobody_chooses_for_a_fair_that_is_not_hers(fair, expo_id, by):
    with pytest.raises(NotYours):
        choose(fair.products["lotus"], expo_id=expo_id, by=by)
    with reading() as session:
        assert session.scalar(select(func.count(Entry.id))) == 0


def test_a_selection_has_a_limit(fair, monkeypatch):
    monkeypatch.setattr(services, "LIMIT", 1)
    with pytest.raises(SelectionFull):
        choose(fair.products["lotus"], fair.products["knot"])


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        (Wish(), {"lotus", "knot"}),
        (Wish(craft="knots"), {"knot"}),
        (Wish(workshop="workshop-2"), set()),
        (Wish(q="刺绣"), {"lotus"}),
        (Wish(q="theu"), {"lotus"}),
        (Wish(q="xyzzy"), set()),
        (Wish(mine=True), set()),
        (Wish(craft="no-such'; --"), set()),
    ],
)
def test_pieces_are_found_by_craft_workshop_and_words(fair, wish, found):
    with reading() as session:
        shown, more = candidates(session, expo_id=1, wish=wish)
    assert {each.slug for each in shown} == found
    assert more is None


def test_files_carry_the_trade_price_and_neither_split_nor_pay_nor_people(fair, tmp_path):
    trade(fair, "lotus", 34100, 10)
    choose(fair.products["lotus"])
    data = edition(tmp_path)
    files = {kind: KINDS[kind].make(data, "en") for kind in KINDS}
    text = files["csv"].decode("utf-8-sig")
    assert files["csv"].startswith(b"\xef\xbb\xbf")
    book = load_workbook(io.BytesIO(files["xlsx"]))
    cells = " ".join(str(cell.value) for row in book.active for cell in row if cell.value is not None)
    printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(files["pdf"])).pages)
    for said in (text, cells, printed):
        assert "341" in said
        for secret in ("236.00", "52.00", "53.00", "138000", "1980", "QS-M-0001"):
            assert secret not in said
    assert not any(column.hidden for column in book.active.column_dimensions.values())


def test_a_text_that_looks_like_a_formula_stays_text(fair, tmp_path):
    rename(fair, "lotus", en="=HYPERLINK(1)", zh="=1+1", vi="+84")
    choose(fair.products["lotus"])
    data = edition(tmp_path)
    book = load_workbook(io.BytesIO(KINDS["xlsx"].make(data, "en")))
    formulas = [cell for row in book.active for cell in row if cell.data_type == "f"]
    assert formulas == []
    rows = list(csv.reader(io.StringIO(KINDS["csv"].make(data, "en").decode("utf-8-sig"))))
    assert not any(cell[:1] in {"=", "+", "@"} for row in rows for cell in row)


def test_a_maker_is_named_only_while_she_agrees(fair, tmp_path):
    choose(fair.products["lotus"])
    assert edition(tmp_path).items[0].maker == {"zh": "兰", "vi": "Lan", "en": "Lan"}
    with writing() as session:
        for row in session.scalars(select(Consent).where(Consent.maker_id == 1, Consent.item == "name")):
            session.delete(row)
    assert edition(tmp_path).items[0].maker is None


@pytest.mark.parametrize(
    ("certificate", "level", "number"),
    [
        ({"zh": "县级非遗 YZ-101", "en": "County list YZ-101"}, "County list", "YZ-101"),
        ({"zh": "县级非遗", "en": "County list"}, "County list", ""),
        (None, "", ""),
    ],
)
def test_a_certificate_fills_its_columns_where_it_is_known(fair, tmp_path, certificate, level, number):
    with writing() as session:
        session.get_one(Product, fair.products["lotus"]).certificate = certificate
    choose(fair.products["lotus"])
    (row,) = csv.DictReader(io.StringIO(KINDS["csv"].make(edition(tmp_path), "en").decode("utf-8-sig")))
    assert (row["Heritage level"], row["Certificate no."]) == (level, number)


def test_no_column_for_booths_where_nobody_has_one_yet(fair, tmp_path):
    choose(fair.products["lotus"])
    printed = " ".join(
        page.extract_text() for page in PdfReader(io.BytesIO(KINDS["pdf"].make(edition(tmp_path), "en"))).pages
    )
    assert "Booth" not in printed


def test_the_same_edition_gives_the_same_bytes(fair, tmp_path):
    choose(fair.products["lotus"], fair.products["knot"])
    data = edition(tmp_path)
    for kind in ("pdf", "csv"):
        assert KINDS[kind].make(data, "zh") == KINDS[kind].make(data, "zh")


def test_each_file_comes_in_three_languages(fair, tmp_path):
    choose(fair.products["lotus"])
    data = edition(tmp_path)
    for lang, title in (("zh", "荷塘绣片"), ("vi", "Tranh sen"), ("en", "Lotus pond")):
        printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(KINDS["pdf"].make(data, lang))).pages)
        assert title in printed


def signed_in(client, name: str) -> None:
    sign_in(client, next(actor for actor in EVERYONE.values() if actor.name == name))


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_an_organizer_chooses_and_exports_on_her_pages(fair, client, visit, lang):
    from shop.people.models import User

    with writing() as session:
        session.get_one(User, OTTO.user_id).lang = lang
    signed_in(client, "Otto")
    visit("/expo/", lang=lang)
    page = visit("/expo/spring-fair/", lang=lang)
    assert "QS-0100" in page.text
    with writing() as session:
        services.choose(session, expo_id=1, product_ids=[fair.products["lotus"]], by=OTTO)
    visit("/expo/spring-fair/?mine=1", lang=lang)
    answer = client.get(f"/expo/spring-fair/export/pdf?lang={lang}")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    assert f'filename="spring-fair-{lang}.pdf"' in answer.headers["Content-Disposition"]
    assert client.get(f"/expo/spring-fair/export/csv?lang={lang}").content_type == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    [
        "/expo/other-fair/",
        "/expo/other-fair/export/pdf",
        "/expo/no-such-fair/",
        "/expo/spring-fair/export/exe",
        "/expo/spring-fair/export/pdf?lang=xx",
    ],
)
def test_what_is_not_hers_is_not_found(fair, client, path):
    signed_in(client, "Otto")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["Mei", "Tao", "Fen", "Ada", "Anna"])
def test_others_do_not_get_in(fair, client, name):
    signed_in(client, name)
    for path in ("/expo/", "/expo/spring-fair/", "/expo/spring-fair/export/csv"):
        assert client.get(path).status_code == 403


def test_a_stranger_is_sent_to_sign_in(fair, client):
    answer = client.get("/expo/spring-fair/")
    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["Location"]


def test_an_empty_selection_is_said_and_not_exported(fair, client):
    signed_in(client, "Otto")
    assert client.get("/expo/spring-fair/export/pdf").status_code == 422


@pytest.mark.parametrize(
    "query", ["after=-1", "after=1e9", "after=99999999999999999999", "q=%00", "q=" + "a" * 5000, "craft=%27", "mine=2"]
)
def test_odd_addresses_never_break(fair, client, query):
    signed_in(client, "Otto")
    assert client.get(f"/expo/spring-fair/?{query}").status_code == 200
