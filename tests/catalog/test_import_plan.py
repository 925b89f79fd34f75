"""A list compared with the shop and brought in: fates, drafts, all or none, and the same file twice."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.engine import Engine

from shop import clock
from shop.actor import COMMAND
from shop.brokers.models import Broker
from shop.catalog.errors import Outdated
from shop.catalog.importing.applying import ImportResult, apply
from shop.catalog.importing.fates import Plan, RowsRefused
from shop.catalog.importing.plan import plan
from shop.catalog.importing.reading import read
from shop.catalog.importing.rows import FileRefused, ImportFile
from shop.catalog.models import PieceRate, PriceSplit, Product, ProductMaker, ProductPicture, Variant
from shop.coop.models import Coop
from shop.crafts.models import Craft
from shop.db import reading, writing
from shop.makers.models import Maker
from shop.places.models import Place
from shop.workshops.models import Workshop, WorkshopMaker
from tests.catalog.test_import_reading import FILES

HEAD = ["品名", "货号", "工艺", "尺寸", "价格", "工钱", "手艺人", "数量", "图片"]
LOTUS = ["荷塘绣片", "HT-1", "刺绣", "24 cm", "380", "236", "李秀英", "3", "a.jpg"]
LARGE = ["荷塘绣片", "HT-2", "刺绣", "36 cm", "520", "330", "王桂花", "1", ""]
KNOT = ["盘长结", "PC-1", "双面绣", "", "", "", "", "", ""]


@pytest.fixture
def workshop(engine: Engine) -> int:
    """A workshop with two makers beside another one, in a co-op that sells in CNY."""
    with writing() as session:
        session.add(Coop(id=1, name={"en": "Co-op"}, currency="CNY"))
        craft = Craft(slug="embroidery", name={"zh": "刺绣", "vi": "Thêu", "en": "Embroidery"})
        place = Place(slug="village", kind="village", name={"en": "Village"}, short_name={"en": "Village"})
        session.add_all([craft, place])
        session.flush()
        session.add(Craft(slug="double-sided", parent_id=craft.id, name={"zh": "双面绣", "en": "Double-sided"}))
        broker = Broker(slug="lan", name={"en": "Lan"}, tier=1, village_id=place.id, joined_on=date(2024, 1, 1))
        session.add(broker)
        session.flush()
        shops = [
            Workshop(slug=slug, name={"en": slug}, craft_id=craft.id, village_id=place.id, broker_id=broker.id)
            for slug in ("w-emb", "w-other")
        ]
        session.add_all(shops)
        session.flush()
        for number, name in (("M01", "李秀英"), ("M02", "王桂花"), ("M03", "王桂花")):
            maker = Maker(
                number=number,
                slug=number.lower(),
                name={"zh": name},
                mark="lotus",
                birth_year=1980,
                village_id=place.id,
                joined_on=date(2024, 1, 1),
            )
            session.add(maker)
            session.flush()
            session.add(WorkshopMaker(workshop_id=shops[number == "M03"].id, maker_id=maker.id))
        return shops[0].id


def list_of(*rows: list[str], currency: str = "CNY", head: list[str] = HEAD) -> ImportFile:
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return read(text.getvalue().encode(), "list.csv", currency=currency)


def planned(file: ImportFile, workshop: int) -> Plan:
    with reading() as session:
        return plan(session, file=file, workshop_id=workshop)


def bring_in(file: ImportFile, workshop: int, *, skip_bad: bool = False) -> ImportResult:
    with writing() as session:
        known = plan(session, file=file, workshop_id=workshop)
        return apply(session, plan=known, skip_bad=skip_bad, by=COMMAND)


def fates(known: Plan) -> dict[int, str]:
    return {fate.row: fate.fate for fate in known.fates}


def codes(known: Plan) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.code) for fault in known.faults]


def changes(known: Plan) -> list[tuple[int, str, str, str]]:
    return [(fate.row, one.field, one.before, one.after) for fate in known.fates for one in fate.changes]


def contents() -> list[tuple[object, ...]]:
    """All that an import may touch, to be compared before and after."""
    with reading() as session:
        return [
            tuple(row)
            for table in (Product, Variant, ProductMaker, PriceSplit)
            for row in session.execute(select(*table.__table__.columns).order_by(*table.__table__.primary_key))
        ]


def product_of(sku: str) -> tuple[Product, Variant]:
    with reading() as session:
        variant = session.scalars(select(Variant).where(Variant.sku == sku)).one()
        return session.get_one(Product, variant.product_id), variant


def publish(sku: str) -> None:
    product, _ = product_of(sku)
    with writing() as session:
        values = {"state": "published", "published_at": clock.now()}
        session.execute(update(Product).where(Product.id == product.id).values(values))


# New


def test_a_new_list_becomes_drafts_with_prices_makers_and_pieces_to_count(workshop: int) -> None:
    result = bring_in(list_of(LOTUS, LARGE, KNOT), workshop)
    assert len(result.new_products) == 2
    product, small = product_of("HT-1")
    _, large = product_of("HT-2")
    assert product.state == "draft"
    assert product.name == {"zh": "荷塘绣片"}
    assert small.product_id == large.product_id
    assert (small.price_minor, small.currency, small.to_take_in, small.on_hand) == (38000, "CNY", 3, 0)
    assert small.size_label == {"zh": "24 cm"}
    assert product.source_facts["variants"][small.source_key]["pay"] == 23600
    assert product.source_facts["said"]["pictures"] == ["a.jpg"]
    assert product.source_facts["import"] == result.ref
    with reading() as session:
        makers = session.scalars(select(ProductMaker).where(ProductMaker.product_id == product.id)).all()
        assert len(makers) == 2
        assert session.scalar(select(func.count(ProductPicture.id))) == 0


def test_a_missing_price_leaves_the_draft_without_one(workshop: int) -> None:
    bring_in(list_of(KNOT), workshop)
    _, knot = product_of("PC-1")
    assert knot.price_minor is None


def test_a_technique_stands_under_its_craft(workshop: int) -> None:
    bring_in(list_of(LOTUS, KNOT), workshop)
    lotus, _ = product_of("HT-1")
    knot, _ = product_of("PC-1")
    assert lotus.technique_id is None
    assert knot.craft_id == lotus.craft_id
    assert knot.technique_id not in {None, knot.craft_id}


def test_a_dry_run_tells_every_row_and_writes_nothing(workshop: int) -> None:
    before = contents()
    known = planned(read((FILES / "shopify.csv").read_bytes(), "shopify.csv", currency="CNY"), workshop)
    assert fates(known) == {
        2: "new",
        3: "variant",
        4: "picture",
        5: "new",
        6: "new",
        7: "variant",
        8: "picture",
    }
    assert [picture.row for picture in known.pictures] == [2, 3, 4, 2, 8]
    assert known.counts["new"] == 3
    assert contents() == before


# The same again


@pytest.mark.parametrize("name", ["shopify.csv", "zh.xlsx"])
def test_the_same_file_twice_changes_nothing(workshop: int, name: str) -> None:
    file = read((FILES / name).read_bytes(), name, currency="CNY")
    bring_in(file, workshop)
    before = contents()
    known = planned(file, workshop)
    assert set(fates(known).values()) == {"same"}
    assert known.pictures == ()
    result = bring_in(file, workshop)
    assert (result.ref, result.new_products, result.changed_products) == ("", (), ())
    assert contents() == before


def test_the_same_file_twice_leaves_what_the_shop_changed_since(workshop: int) -> None:
    bring_in(list_of(LOTUS), workshop)
    with writing() as session:
        session.execute(update(Variant).values(price_minor=40000, to_take_in=1, on_hand=2))
        session.execute(update(Product).values(name={"zh": "荷花", "en": "Lotus"}))
    before = contents()
    bring_in(list_of(LOTUS), workshop)
    assert contents() == before


def test_a_piece_is_known_by_its_number_in_any_spelling_and_under_another_name(workshop: int) -> None:
    bring_in(list_of(LOTUS), workshop)
    known = planned(list_of(["新名字", "ｈｔ-1", *LOTUS[2:]]), workshop)
    assert fates(known) == {2: "changed"}
    assert changes(known) == [(2, "title:zh", "荷塘绣片", "新名字")]


def test_a_piece_without_number_is_known_by_name_and_size(workshop: int) -> None:
    plain = ["荷塘绣片", "", *LOTUS[2:]]
    bring_in(list_of(plain), workshop)
    assert fates(planned(list_of(plain), workshop)) == {2: "same"}
    known = planned(list_of(plain, ["荷塘绣片", "", "刺绣", "30 cm", *LOTUS[4:]]), workshop)
    assert fates(known) == {2: "same", 3: "variant"}


def test_a_piece_that_gets_a_number_stays_the_same_piece(workshop: int) -> None:
    bring_in(list_of(["荷塘绣片", "", *LOTUS[2:]]), workshop)
    assert changes(planned(list_of(LOTUS), workshop)) == [(2, "sku", "", "HT-1")]
    bring_in(list_of(LOTUS), workshop)
    assert fates(planned(list_of(LOTUS), workshop)) == {2: "same"}


def test_two_imports_of_one_file_into_two_workshops_are_two_lists(workshop: int) -> None:
    bring_in(list_of(["荷塘绣片", "", *LOTUS[2:]]), workshop)
    with reading() as session:
        other = session.scalars(select(Workshop.id).where(Workshop.slug == "w-other")).one()
    known = planned(list_of(["荷塘绣片", "", *LOTUS[2:6], "", "3", ""]), other)
    assert fates(known) == {2: "new"}


# Changes


def test_a_changed_price_of_a_draft_is_taken_and_its_split_no_longer_holds(workshop: int) -> None:
    bring_in(list_of(LOTUS), workshop)
    _, lotus = product_of("HT-1")
    with writing() as session:
        session.add(
            PriceSplit(
                variant_id=lotus.id,
                kind="retail",
                price_minor=38000,
                currency="CNY",
                valid_from=clock.now(),
                set_by="user:1",
            )
        )
    dearer = [*LOTUS[:4], "400", *LOTUS[5:]]
    known = planned(list_of(dearer), workshop)
    assert fates(known) == {2: "changed"}
    assert changes(known) == [(2, "price", "380.00", "400.00")]
    assert known.fates[0].changes[0].label == "价格"
    bring_in(list_of(dearer), workshop)
    assert product_of("HT-1")[1].price_minor == 40000
    with reading() as session:
        assert session.scalars(select(PriceSplit.live)).all() == [False]


def test_another_number_of_pieces_changes_only_what_nobody_has_counted(workshop: int) -> None:
    bring_in(list_of(LOTUS), workshop)
    with writing() as session:
        session.execute(update(Variant).values(to_take_in=1, on_hand=2))
    bring_in(list_of([*LOTUS[:7], "5", "a.jpg"]), workshop)
    _, lotus = product_of("HT-1")
    assert (lotus.to_take_in, lotus.on_hand) == (3, 2)
    known = planned(list_of([*LOTUS[:7], "1", "a.jpg"]), workshop)
    assert codes(known) == [(2, "数量", "taken_in")]
    assert known.faults[0].other == "2"


def test_a_new_size_joins_the_draft_with_its_maker(workshop: int) -> None:
    bring_in(list_of(LOTUS), workshop)
    assert fates(planned(list_of(LOTUS, LARGE), workshop)) == {2: "same", 3: "variant"}
    bring_in(list_of(LOTUS, LARGE), workshop)
    product, _ = product_of("HT-2")
    with reading() as session:
        count = session.scalar(select(func.count(ProductMaker.id)).where(ProductMaker.product_id == product.id))
    assert count == 2


def test_a_listed_product_keeps_its_price_and_sizes_and_takes_more_pieces(workshop: int) -> None:
    bring_in(list_of(LOTUS), workshop)
    publish("HT-1")
    before = contents()
    known = planned(list_of([*LOTUS[:4], "400", *LOTUS[5:]], LARGE), workshop)
    assert codes(known) == [(2, "价格", "listed"), (3, "", "listed_variant")]
    with pytest.raises(RowsRefused):
        bring_in(list_of([*LOTUS[:4], "400", *LOTUS[5:]]), workshop)
    assert contents() == before
    bring_in(list_of([*LOTUS[:7], "4", "a.jpg"]), workshop)
    assert product_of("HT-1")[1].to_take_in == 4


def test_pay_below_the_agreed_rate_is_refused(workshop: int) -> None:
    bring_in(list_of(LOTUS), workshop)
    _, lotus = product_of("HT-1")
    with writing() as session:
        session.add(
            PieceRate(
                variant_id=lotus.id,
                pay_minor=23600,
                currency="CNY",
                minutes=400,
                valid_from=date(2026, 1, 1),
                set_by="user:1",
            )
        )
    known = planned(list_of([*LOTUS[:5], "210", *LOTUS[6:]]), workshop)
    assert codes(known) == [(2, "工钱", "pay_below_rate")]
    assert known.faults[0].other == "236.00"


def test_a_save_in_between_is_not_overwritten(workshop: int) -> None:
    bring_in(list_of(LOTUS), workshop)
    known = planned(list_of([*LOTUS[:4], "400", *LOTUS[5:]]), workshop)
    with writing() as session:
        session.execute(update(Product).values(version=Product.version + 1))
    before = contents()
    with pytest.raises(Outdated), writing() as session:
        apply(session, plan=known, skip_bad=False, by=COMMAND)
    assert contents() == before


# Refusals


def test_one_bad_row_keeps_the_whole_list_out(workshop: int) -> None:
    before = contents()
    with pytest.raises(RowsRefused) as raised:
        bring_in(list_of(LOTUS, [*KNOT[:4], "abc", *KNOT[5:]]), workshop)
    assert [(fault.row, fault.column, fault.code) for fault in raised.value.faults] == [(3, "价格", "money_malformed")]
    assert contents() == before


def test_bad_rows_are_left_out_on_demand(workshop: int) -> None:
    result = bring_in(list_of(LOTUS, [*LARGE[:4], "abc", *LARGE[5:]], KNOT), workshop, skip_bad=True)
    assert (len(result.new_products), result.left_out) == (2, 1)
    with reading() as session:
        assert set(session.scalars(select(Variant.sku))) == {"HT-1", "PC-1"}


def test_an_unknown_maker_refuses_her_row_only(workshop: int) -> None:
    known = planned(list_of(LOTUS, [*LARGE[:6], "张三、李秀英", *LARGE[7:]]), workshop)
    assert codes(known) == [(3, "手艺人", "unknown_maker")]
    assert known.faults[0].value == "张三"
    assert fates(known) == {2: "new", 3: "refused"}


def test_a_maker_of_another_workshop_is_unknown_and_hers_is_found_by_number(workshop: int) -> None:
    assert codes(planned(list_of([*LOTUS[:6], "M03", *LOTUS[7:]]), workshop)) == [(2, "手艺人", "unknown_maker")]
    assert codes(planned(list_of([*LOTUS[:6], "m02", *LOTUS[7:]]), workshop)) == []


def test_an_unknown_craft_refuses_the_product_and_asks_for_the_like(workshop: int) -> None:
    known = planned(list_of([*LOTUS[:2], "双面秀", *LOTUS[3:]], LARGE), workshop)
    assert codes(known) == [(2, "工艺", "unknown_craft"), (3, "", "product_refused")]
    assert known.faults[0].other == "双面绣"


def test_a_free_type_of_shopify_is_only_a_guess(workshop: int) -> None:
    head = ["Handle", "Title", "Type", "Variant Price"]
    known = planned(list_of(["a", "A", "Bracelet", "1"], ["b", "B", "embroidery", "1"], head=head), workshop)
    assert known.faults == ()
    assert [one.craft is not None for one in known.products] == [False, True]


def test_a_number_that_another_workshop_has_is_refused(workshop: int) -> None:
    bring_in(list_of(LOTUS), workshop)
    with reading() as session:
        other = session.scalars(select(Workshop.id).where(Workshop.slug == "w-other")).one()
    assert codes(planned(list_of([*LOTUS[:6], "", "3", ""]), other)) == [(2, "货号", "sku_elsewhere")]


def test_pieces_of_two_products_cannot_become_one(workshop: int) -> None:
    bring_in(list_of(LOTUS, ["别的", *LARGE[1:]]), workshop)
    known = planned(list_of(LOTUS, LARGE), workshop)
    assert codes(known) == [(2, "", "product_refused"), (3, "货号", "two_products")]


def test_a_list_in_another_currency_than_the_co_op_sells_in_is_refused(workshop: int) -> None:
    with pytest.raises(FileRefused) as raised:
        planned(list_of(LOTUS, currency="USD"), workshop)
    assert (raised.value.faults[0].code, raised.value.faults[0].other) == ("not_sold_in", "USD, CNY")


@pytest.mark.shared
def test_the_real_shopify_export_becomes_drafts_once(workshop: int) -> None:
    path = FILES.parents[2].parent / "shared" / "data" / "shopify" / "apparel.csv"
    file = read(path.read_bytes(), path.name, currency="CNY")
    known = planned(file, workshop)
    assert (known.counts["new"], known.counts["variant"], len(known.pictures)) == (20, 2, 20)
    assert len(bring_in(file, workshop).new_products) == 20
    before = contents()
    bring_in(file, workshop)
    assert contents() == before
