"""A shop small enough to reckon by hand: two workshops, two brokers, five makers, products with splits that sum."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from shop import clock
from shop.actor import COMMAND
from shop.brokers.models import Broker, Mandate
from shop.cart.models import ShippingRate
from shop.catalog import services as catalog
from shop.catalog.models import Product, Variant
from shop.catalog.services import Part
from shop.coop.models import Coop, HourlyMinimum
from shop.crafts.models import Craft
from shop.makers.models import CONSENT_ITEMS, Consent, Maker, Skill
from shop.media.models import Picture
from shop.people.models import User
from shop.places.models import Place
from shop.workshops.models import Workshop, WorkshopMaker
from tests.people import EVERYONE


@dataclass
class Shop:
    """What `make_shop` made, by short names."""

    variants: dict[str, int] = field(default_factory=dict)
    products: dict[str, int] = field(default_factory=dict)


def tri(zh: str, vi: str, en: str) -> dict[str, str]:
    """A text in three languages."""
    return {"zh": zh, "vi": vi, "en": en}


def make_shop(session: Session) -> Shop:
    """Coop, places, crafts, users, brokers 1 (Mei) and 2 (Hoa), makers 1–5, workshops 1 and 2, three products.

    `lotus`: made to order by maker 1, 380.00 (236.00 hers). `knot`: made to order by 2, 3, 4, 68.00 (41.00 hers).
    `plate`: of workshop 2, from the shelf only, 342.00 (213.00 hers), no pieces yet.
    """
    shop = Shop()
    village = _village(session)
    crafts = [
        _add(session, Craft(slug=slug, name=name, synonyms=[]))
        for slug, name in (
            ("embroidery", tri("刺绣", "Thêu", "Embroidery")),
            ("knots", tri("中国结", "Nút", "Knots")),
            ("cloisonne", tri("珐琅", "Pháp lam", "Cloisonné")),
        )
    ]
    users(session)
    for place, (name, rights) in enumerate((("梅", True), ("Hoa", False)), start=1):
        _add(
            session,
            Broker(
                id=place,
                slug=f"broker-{place}",
                name=tri(name, name, name),
                tier=1,
                user_id=place,
                village_id=village.id,
                name_in_split=rights,
                joined_on=date(2024, 1, 1),
            ),
        )
    for number in range(1, 6):
        _maker(session, number, village.id, crafts)
    for place, craft in ((1, crafts[0]), (2, crafts[2])):
        _add(
            session,
            Workshop(
                id=place,
                slug=f"workshop-{place}",
                name=tri(f"坊{place}", f"Xưởng {place}", f"Workshop {place}"),
                craft_id=craft.id,
                village_id=village.id,
                broker_id=place,
            ),
        )
    session.add_all(WorkshopMaker(workshop_id=1 if number < 5 else 2, maker_id=number) for number in range(1, 6))
    session.add(
        ShippingRate(
            workshop_id=1, country="*", fee_minor=1200, second_fee_minor=1200, currency="CNY", days_min=3, days_max=7
        )
    )
    session.add(
        ShippingRate(
            workshop_id=2, country="*", fee_minor=1500, second_fee_minor=1500, currency="CNY", days_min=3, days_max=7
        )
    )
    session.flush()
    _product(session, shop, "lotus", 1, crafts[0], [1], 38000, (23600, 5200, 3040, 3800, 2360), 400, made_to_order=True)
    _product(session, shop, "knot", 1, crafts[1], [2, 3, 4], 6800, (4100, 900, 544, 680, 576), 90, made_to_order=True)
    _product(session, shop, "plate", 2, crafts[2], [5], 34200, (21300, 6000, 2736, 3420, 744), 480, made_to_order=False)
    return shop


def _village(session: Session) -> Place:
    """The co-op, the minimum per hour, a county and its village."""
    session.add(
        Coop(
            id=1, name=tri("巧手合作社", "Hợp tác xã Khéo Tay", "Skilful Hands"), currency="CNY", hotline="400-000-0000"
        )
    )
    session.add(HourlyMinimum(valid_from=date(2020, 1, 1), minor=2500, currency="CNY"))
    county = _add(
        session,
        Place(slug="county", kind="county", name=tri("县", "Huyện", "County"), short_name=tri("县", "Huyện", "County")),
    )
    return _add(
        session,
        Place(
            slug="village",
            kind="village",
            parent_id=county.id,
            name=tri("荷村", "Làng Sen", "Lotus Village"),
            short_name=tri("荷村", "Làng Sen", "Lotus"),
        ),
    )


def _add(session: Session, row):
    session.add(row)
    session.flush()
    return row


def users(session: Session) -> None:
    """One user for each of the cast, ids as in tests.people."""
    for actor in EVERYONE.values():
        session.add(
            User(
                id=actor.user_id,
                email=f"{actor.name.lower()}@example.org",
                name=actor.name,
                role=actor.role,
                lang=actor.lang,
                created_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
    session.flush()


def _maker(session: Session, number: int, village_id: int, crafts: list[Craft]) -> None:
    names = {1: "兰", 2: "李", 3: "孙", 4: "杨", 5: "赵"}
    latin = {1: "Lan", 2: "Li", 3: "Sun", 4: "Yang", 5: "Zhao"}
    _add(
        session,
        Maker(
            id=number,
            number=f"QS-M-{number:04d}",
            slug=f"maker-{number:04d}",
            name=tri(names[number], latin[number], latin[number]),
            mark=("fish", "bird", "flower", "leaf", "moon")[number - 1],
            birth_year=1980,
            village_id=village_id,
            hours_a_week=30,
            languages=["zh"],
            joined_on=date(2024, 1, 1),
            phone=f"1380000000{number}",
            phone_kind="own_phone",
            phone_verified_at=datetime(2026, 1, 1, tzinfo=UTC),
        ),
    )
    session.add_all(
        Consent(
            maker_id=number,
            item=item,
            given=item not in {"pen_name", "face"},
            answered_on=date(2026, 1, 1),
            how="signed",
            recorded_by="user:1",
        )
        for item in CONSENT_ITEMS
        if item != "own_line"
    )
    session.add_all(Skill(maker_id=number, craft_id=craft.id, level=3) for craft in crafts)
    session.add(
        Mandate(
            maker_id=number,
            broker_id=1 if number < 5 else 2,
            may_collect_money=True,
            evidence="signed paper 1",
            starts_on=date(2024, 1, 1),
            recorded_by="user:5",
            recorded_at=clock.now(),
        )
    )


def _product(
    session: Session,
    shop: Shop,
    slug: str,
    workshop: int,
    craft: Craft,
    makers: list[int],
    price: int,
    parts: tuple[int, int, int, int, int],
    minutes: int,
    *,
    made_to_order: bool,
) -> None:
    names = {
        "lotus": tri("荷塘绣片", "Tranh sen", "Lotus pond"),
        "knot": tri("盘长结", "Nút bàn trường", "Pan chang knot"),
        "plate": tri("缠枝莲盘", "Đĩa sen", "Lotus plate"),
    }
    product = catalog.create_product(
        session,
        workshop_id=workshop,
        name=names[slug],
        by=COMMAND,
        broker_id=workshop,
        slug=slug,
        item_no=f"QS-0{len(shop.products) + 1}00",
        craft_id=craft.id,
        made_to_order=made_to_order,
    )
    variant = catalog.create_variant(
        session,
        product_id=product.id,
        currency="CNY",
        sku=slug.upper(),
        size_label=tri("直径24厘米", "24 cm", "24 cm across"),
    )
    kinds = ("maker", "materials", "broker", "coop", "costs")
    catalog.set_piece_rate(session, variant_id=variant.id, pay_minor=parts[0], minutes=minutes, by=COMMAND)
    catalog.set_price(
        session,
        variant_id=variant.id,
        price_minor=price,
        by=COMMAND,
        parts=[
            Part(kind, minor, f"broker:{workshop}" if kind == "broker" else "")
            for kind, minor in zip(kinds, parts, strict=True)
        ],
    )
    catalog.set_makers(session, product_id=product.id, maker_ids=makers)
    picture = Picture(
        key=f"{len(shop.products) + 1:032x}",
        width=800,
        height=800,
        bytes_size=1000,
        sha256="0" * 64,
        uploaded_by="test",
        created_at=clock.now(),
    )
    session.add(picture)
    session.flush()
    catalog.set_pictures(session, product_id=product.id, pictures=[(picture.id, names[slug])])
    if made_to_order:
        catalog.publish(session, product_id=product.id)
    shop.products[slug], shop.variants[slug] = product.id, variant.id


def publish(session: Session, shop: Shop, slug: str) -> Product:
    """Put a product of the factory on sale."""
    return catalog.publish(session, product_id=shop.products[slug])


def variant(session: Session, shop: Shop, slug: str) -> Variant:
    """The factory's variant as it stands now."""
    return session.get_one(Variant, shop.variants[slug], populate_existing=True)
