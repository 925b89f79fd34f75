"""The ground of the demo: co-op, pages, crafts, places, people and workshops."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.brokers.models import Broker, Mandate
from shop.cart.models import ShippingRate
from shop.cart.vouchers import make_voucher
from shop.coop import services as coop
from shop.coop.phones import canonical
from shop.crafts.models import Craft
from shop.db import writing
from shop.demo.build.scale import DATA, Cast, read
from shop.ids import digest, secret
from shop.ledger.chart import account
from shop.ledger.services import Draft, Move, post
from shop.makers.models import Consent, Maker, Skill
from shop.payouts.services import set_method
from shop.people.passwords import hashed
from shop.people.services import create_user
from shop.places.models import Place
from shop.workshops.models import Workshop, WorkshopMaker

PASSWORD = "qiaoshou-demo"  # noqa: S105  printed at every start, refused in production
SIGN_INS = [
    (role, f"{name}@demo.example")
    for role, name in (
        ("buyer", "buyer"),
        ("broker", "broker"),
        ("broker", "broker2"),
        ("broker", "broker3"),
        ("organizer", "organizer"),
        ("treasurer", "treasurer"),
        ("officer", "officer"),
        ("admin", "admin"),
    )
]
"""Role and address of everybody who can sign in; the first broker looks after embroidery."""

NAMES = {
    "buyer": "Ana Ribeiro",
    "broker": "何玉芬",
    "broker2": "鲁香莲",
    "broker3": "施秀珍",
    "organizer": "Otto Lind",
    "treasurer": "刘会计",
    "officer": "冯主任",
    "admin": "唐管理",
}
BACK = 50
"""Days before today on which the demo's life begins."""

WELCOME, GIFT = "WELCOME-20", "GIFT-OF-THE-CO-OP"
"""Codes that the demo's buyers have."""

FEN = {"CNY": 1, "VND": 35}
"""Currencies that the demo can keep, and what a fen of its data is in each; 3,500 dong to the yuan."""

BANK = {"CNY": ("云织农村合作银行（虚构）", ""), "VND": ("Ngân hàng Hợp tác Vân Chức (hư cấu)", "970499")}
"""Everybody's bank and its number."""

RATES = {"CN": (1200, 2, 5), "VN": (3800, 5, 9), "SG": (6800, 6, 10), "*": (9800, 8, 15)}
SECOND_FEE = 1500


@dataclass
class Made:
    """Who and what was made, by the names the data use; days are counted from `today`."""

    today: date
    cast: Cast
    currency: str = "CNY"
    users: dict[str, Actor] = field(default_factory=dict)
    crafts: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    brokers: dict[str, Actor] = field(default_factory=dict)
    makers: dict[str, int] = field(default_factory=dict)
    cards: dict[str, str] = field(default_factory=dict)
    workshops: dict[str, int] = field(default_factory=dict)
    variants: dict[str, int] = field(default_factory=dict)
    orders: dict[str, int] = field(default_factory=dict)

    def minor(self, fen: int) -> int:
        """A sum of the data in minor units of the demo's currency."""
        return fen * FEN[self.currency]

    def moment(self, day: int, hour: float = 1.0) -> datetime:
        """A moment of a day of the script; `hour` is UTC, so 1.0 is nine in the morning at the co-op."""
        midnight = datetime.combine(self.today + timedelta(days=day), time(0), tzinfo=UTC)
        return midnight + timedelta(minutes=round(hour * 60))


def found_coop(made: Made) -> None:
    """Co-op, footer pages, minimum pay, post, the people who sign in, and the opening balance."""
    clock.stand_at(made.moment(-BACK))
    password = hashed(PASSWORD)
    founder = Actor("system:command", "system", "demo")
    with writing() as session:
        coop.create_coop(
            session,
            name={"zh": "巧手合作社", "vi": "Hợp tác xã Khéo Tay", "en": "Qiaoshou Co-operative"},
            currency=made.currency,
            by=founder,
            claim={
                "zh": "一针一线，有名有姓。",
                "vi": "Làm bằng tay, trả đúng tên.",
                "en": "Made by hand. Paid by name.",
            },
            legal_form={
                "zh": "农民专业合作社（样例，虚构）",
                "vi": "Hợp tác xã thủ công (mẫu, hư cấu)",
                "en": "Craft co-operative (sample, invented)",
            },
            address={
                "zh": "云织县梭桥镇老丝厂（虚构）",
                "vi": "Nhà máy tơ cũ, thị trấn Thoa Kiều, huyện Vân Chức (hư cấu)",
                "en": "Old Silk Works, Suoqiao, Yunzhi County (invented)",
            },
            hotline="400-000-0100",
            hotline_hours={"zh": "周一至周六 9–18 点", "vi": "Thứ Hai–Thứ Bảy, 9–18 giờ", "en": "Mon–Sat, 9–18"},
            email="help@demo.example",
        )
        coop.set_hourly_minimum(session, minor=made.minor(2500), valid_from=date(2026, 1, 1), by=founder)
        for file in sorted((DATA / "pages").glob("*.md")):
            slug, lang, _ = file.name.split(".")
            coop.set_page(session, slug=slug, lang=lang, body=file.read_text(encoding="utf-8"), by=founder)
        for country, (fee, soonest, latest) in RATES.items():
            session.add(
                ShippingRate(
                    country=country,
                    fee_minor=made.minor(fee),
                    second_fee_minor=made.minor(SECOND_FEE),
                    currency=made.currency,
                    days_min=soonest,
                    days_max=latest,
                )
            )
        for role, email in SIGN_INS:
            name = email.partition("@")[0]
            lang = "en" if role in {"buyer", "organizer"} else "zh"
            user_id = create_user(session, email=email, name=NAMES[name], role=role, lang=lang, password_hash=password)
            made.users[name] = Actor(f"user:{user_id}", role, NAMES[name], user_id=user_id, lang=lang)  # type: ignore[arg-type]
        _give_vouchers(session, made)
        enough = 8_000_000 * max(1, len(made.cast.orders) // 25)  # pay days come before Stripe's money is at the bank
        opening = [Move(account("bank", "main"), account("equity:opening"), made.minor(enough))]
        post(session, [Draft("open:1", "open", made.currency, opening, source="opening")], by=founder)


def _give_vouchers(session: Session, made: Made) -> None:
    """One for everybody's first order, and one that gives a whole order with its post, three times."""
    facts: dict[str, Any] = {
        "kind": "coop",
        "currency": made.currency,
        "valid_from": made.today - timedelta(days=BACK),
        "by": made.users["admin"],
    }
    off, least = made.minor(2000), made.minor(10000)
    make_voucher(session, code=WELCOME, amount_minor=off, minimum_minor=least, limit_each=1, **facts)
    make_voucher(session, code=GIFT, percent=100, with_post=True, limit_all=3, **facts)


def meet_people(made: Made) -> None:
    """Crafts, places, brokers, and makers with their marks, skills, consents, mandates and ways to be paid."""
    with writing() as session:
        for row in read("crafts.json"):
            craft = Craft(
                slug=row["slug"],
                parent_id=made.crafts.get(row["parent"]),
                sort=row["sort"],
                name=row["name"],
                about=row["about"],
                synonyms=row["synonyms"],
            )
            made.crafts[row["slug"]] = _added(session, craft)
        for row in read("places.json"):
            special = row.get("speciality")
            place = Place(
                slug=row["slug"],
                kind=row["kind"],
                parent_id=made.places.get(row["parent"]),
                name=row["name"],
                short_name=row["short_name"],
                craft_id=made.crafts[special["craft"]] if special else None,
                speciality=special["about"] if special else None,
            )
            made.places[row["slug"]] = _added(session, place)
        for rank, row in enumerate(read("brokers.json")):
            _broker(session, made, row, made.users["broker" if rank == 0 else f"broker{rank + 1}"])
        for row in made.cast.makers:
            _maker(session, made, row)


def _added(session: Session, row: Any) -> int:
    session.add(row)
    session.flush()  # what comes next points to it
    return int(row.id)


def _broker(session: Session, made: Made, row: dict[str, Any], user: Actor) -> None:
    parent = made.brokers.get(row["parent"])
    broker_id = _added(
        session,
        Broker(
            slug=row["slug"],
            name=row["name"],
            about=row["about"],
            tier=row["tier"],
            parent_id=parent.broker_id if parent else None,
            user_id=user.user_id,
            village_id=made.places[row["village"]],
            name_in_split=row["name_in_split_consent"],
            joined_on=made.today - timedelta(days=900),
        ),
    )
    made.brokers[row["id"]] = Actor(user.key, "broker", user.name, user_id=user.user_id, broker_id=broker_id, lang="zh")
    _by_bank(session, made, f"broker:{broker_id}", row, f"62300000{broker_id:08d}")


def _maker(session: Session, made: Made, row: dict[str, Any]) -> None:
    number = len(made.makers) + 1
    card = secret()
    own = row["contact"] == "own_phone"
    maker = Maker(
        number=row["number"],
        slug=row["slug"],
        name=row["name"],
        pen_name=row["pen_name"],
        mark=row["mark"],
        birth_year=row["birth_year"],
        village_id=made.places[row["village"]],
        hours_a_week=row["hours_a_week"],
        languages=row["languages"],
        lang=row["languages"][0] if row["languages"][0] in {"zh", "vi", "en"} else "zh",
        story=row["story"],
        phone=canonical(f"190{100 + number:08d}", country="CN") if row["contact"] != "none" else None,
        phone_kind=row["contact"],
        phone_verified_at=made.moment(-BACK) if own else None,
        card_digest=digest(card),
        joined_on=made.today - timedelta(days=400),
    )
    maker_id = _added(session, maker)
    made.makers[row["id"]], made.cards[row["id"]] = maker_id, card
    session.add_all(
        Skill(maker_id=maker_id, craft_id=made.crafts[each["craft"]], level=each["level"]) for each in row["crafts"]
    )
    by = made.brokers[row["broker"]]
    for each in row["consents"]:
        withdrawn = date.fromisoformat(each["withdrawn_on"]) if each.get("withdrawn_on") else None
        session.add(
            Consent(
                maker_id=maker_id,
                item=each["item"],
                given=each["given"] or withdrawn is not None,
                answered_on=date.fromisoformat(each["on"]),
                how=each["how"],
                withdrawn_on=withdrawn,
                live=withdrawn is None,
                recorded_by=by.key,
            )
        )
    session.add(
        Mandate(
            maker_id=maker_id,
            broker_id=by.broker_id or 0,
            may_collect_money=row["payout"] == "cash",
            evidence="签字委托书",
            starts_on=made.today - timedelta(days=400),
            recorded_by=made.users["officer"].key,
            recorded_at=clock.now(),
        )
    )
    _method(session, made, row, maker_id)


WITHOUT_METHOD = "m12"
"""One maker has not said yet how she wants her money: she is listed beside every batch."""


def _method(session: Session, made: Made, row: dict[str, Any], maker_id: int) -> None:
    if row["id"] == WITHOUT_METHOD:
        return
    if row["payout"] == "cash":
        set_method(session, payee=f"maker:{maker_id}", rail="cash", by=made.users["admin"])
    else:
        _by_bank(session, made, f"maker:{maker_id}", row, f"62300001{maker_id:08d}", qr=maker_id % 2 == 0)


def _by_bank(
    session: Session, made: Made, payee: str, row: dict[str, Any], account_no: str, *, qr: bool = False
) -> None:
    """To an account; where it is dong, some are paid by a QR code (`qr`)."""
    dong = made.currency == "VND"
    bank, bank_code = BANK[made.currency]
    set_method(
        session,
        payee=payee,
        rail="vietqr" if dong and qr else "bank_file",
        by=made.users["admin"],
        holder=row["name"]["vi" if dong else "zh"],
        bank=bank,
        bank_code=bank_code,
        account_no=account_no,
    )


def open_workshops(made: Made) -> None:
    """The three workshops and who works with them."""
    with writing() as session:
        for row in made.cast.workshops:
            workshop = Workshop(
                slug=row["slug"],
                name=row["name"],
                story=row["story"],
                hours=row["point"]["hours"],
                craft_id=made.crafts[row["craft"]],
                village_id=made.places[row["village"]],
                broker_id=made.brokers[row["broker"]].broker_id,
            )
            workshop_id = _added(session, workshop)
            made.workshops[row["id"]] = workshop_id
            session.add_all(
                WorkshopMaker(workshop_id=workshop_id, maker_id=made.makers[maker]) for maker in row["makers"]
            )
