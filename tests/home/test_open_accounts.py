"""The open accounts: groups in which nobody can be told apart, and a maker's own line only at her word."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from shop import clock
from shop.db import KEPT, reading, reading_core, writing
from shop.home.queries import open_accounts as found
from shop.makers import services as makers
from shop.makers.models import Consent, Maker
from shop.orders import services as orders
from shop.payouts.models import Payout, PayoutBatch
from shop.workshops.models import WorkshopMaker
from tests.factories import catalog
from tests.factories.orders import agreed, lines, paid, work_of
from tests.home.conftest import LANGS
from tests.people import ADA, FEN

FRIDAY = date(2026, 11, 20)


def more_makers(count: int) -> None:
    """Makers 6 and up, all of workshop 1, who agreed to a name and to nothing else."""
    with writing() as session:
        village = session.get_one(Maker, 1).village_id
        for number in range(6, 6 + count):
            name = catalog.tri(f"人{number}", f"Người {number}", f"Her {number}")
            session.add(
                Maker(
                    id=number,
                    number=f"QS-M-{number:04d}",
                    slug=f"maker-{number:04d}",
                    name=name,
                    mark="moon",
                    birth_year=1980,
                    village_id=village,
                    joined_on=date(2024, 1, 1),
                )
            )
            session.flush()
            session.add(WorkshopMaker(workshop_id=1, maker_id=number))
            said = {"given": True, "answered_on": date(2026, 1, 1), "how": "signed", "recorded_by": "user:1"}
            session.add(Consent(maker_id=number, item="name", **said))


def pay_day(number: int, on: date, payees: dict[int, tuple[int, str]]) -> None:
    """A batch whose payouts have left: maker → (minor, state)."""
    with writing() as session:
        batch = PayoutBatch(
            number=number,
            pay_on=on,
            state="approved",
            currency="CNY",
            drafted_by="user:3",
            drafted_at=clock.now(),
            approved_by="user:4",
            approved_at=clock.now(),
        )
        session.add(batch)
        session.flush()
        for maker, (minor, state) in payees.items():
            session.add(
                Payout(
                    batch_id=batch.id,
                    payee=f"maker:{maker}",
                    reference=f"P{number}-{maker}",
                    rail="cash",
                    amount_minor=minor,
                    currency="CNY",
                    state=state,
                    sent_at=datetime(on.year, on.month, on.day, tzinfo=UTC),
                )
            )


@pytest.fixture
def five_each(shop):
    """Workshop 1 with makers 1–4 and 6–11, workshop 2 with maker 5; all paid 100.00 × their number, all confirmed."""
    more_makers(6)
    pay_day(1, FRIDAY, {number: (10_000 * number, "confirmed") for number in range(1, 12)})
    return shop


def say(maker_id: int, *, yes: bool = True, on: date = date(2026, 11, 1)) -> None:
    with writing() as session:
        if yes:
            makers.answer_consent(session, maker_id=maker_id, item="own_line", given=True, how="call", by=ADA, on=on)
        else:
            makers.withdraw_consent(session, maker_id=maker_id, item="own_line", how="call", by=ADA)


def test_the_page_says_what_was_sent_and_confirmed_in_three_languages(five_each, visit):
    for lang in LANGS:
        page = visit(f"/{lang}/open-accounts", lang=lang, ceiling=6)
        sent = "6.600,00 ¥" if lang == "vi" else "¥6,600.00"
        assert page.all(".stat dd")[:3] == [sent, sent, "11"]
        assert len(page.all("svg.chart")) == 2
        assert f"/{lang}/open-accounts" in visit(f"/{lang}/", lang=lang).hrefs("footer a")


def test_a_maker_has_a_line_only_at_her_word_and_not_a_moment_longer(at, five_each, visit):
    at("2026-11-21 09:00")
    assert not visit("/en/open-accounts").all("#own-lines")
    say(6)
    page = visit("/en/open-accounts", ceiling=6)
    assert page.all("#own-lines tbody tr") == ["Her 6 ¥600.00 Confirmed"]
    say(6, yes=False)
    page = visit("/en/open-accounts")
    assert not page.all("#own-lines")
    assert "Her 6" not in page.source


def test_who_agreed_to_no_name_or_only_after_the_pay_day_has_no_line(at, five_each, visit, withdraw):
    at("2026-11-21 09:00")
    say(6, on=date(2026, 11, 21))
    say(7)
    withdraw(7, "name")
    assert not visit("/en/open-accounts").all("#own-lines")


def test_own_lines_are_not_shown_where_the_others_would_be_found_by_subtracting(at, five_each, visit):
    at("2026-11-21 09:00")
    for number in range(1, 8):
        say(number)
    page = visit("/en/open-accounts")
    assert not page.all("#own-lines")  # four did not agree
    assert page.all(".aside tfoot tr") == ["Total 11 ¥6,600.00 ¥6,600.00"]
    say(7, yes=False)
    page = visit("/en/open-accounts")
    assert len(page.all("#own-lines tbody tr")) == 6  # five did not


def test_groups_are_counted_without_those_who_show_their_own_line(at, shop, visit):
    """Six in workshop 1, six in workshop 2; two of workshop 1 show theirs: its other four stand with workshop 2."""
    at("2026-11-21 09:00")
    more_makers(7)
    with writing() as session:
        session.execute(update(WorkshopMaker).where(WorkshopMaker.maker_id >= 8).values(workshop_id=2))
    pay_day(1, FRIDAY, dict.fromkeys(range(1, 13), (10000, "confirmed")))
    by_workshop = ".aside .stack section:first-child tbody tr"
    names = visit("/en/open-accounts").all(by_workshop)
    assert sorted(row.partition(" 6 ")[0] for row in names) == ["Workshop 1", "Workshop 2"]
    say(6)
    say(7)
    page = visit("/en/open-accounts")
    assert page.all(by_workshop) == ["2 workshops together 12 ¥1,200.00 ¥1,200.00"]
    assert len(page.all("#own-lines tbody tr")) == 2


def test_pay_days_of_four_are_left_out_and_sums_of_few_are_counted(at, five_each, visit):
    at("2026-11-21 09:00")
    pay_day(2, date(2026, 11, 13), dict.fromkeys(range(1, 5), (10000, "confirmed")))
    pay_day(3, date(2026, 11, 6), {number: (10_000, "confirmed" if number < 5 else "sent") for number in range(1, 8)})
    with reading_core() as connection:
        days = found.pay_days(connection)
    assert [(each.on.day, each.group.makers, each.group.confirmed_minor) for each in days] == [
        (20, 11, 660_000),
        (6, 7, None),
    ]
    page = visit("/en/open-accounts")
    assert "6 Nov 2026 7 ¥700.00 4 of 7 makers" in page.all("tbody tr")


def test_what_came_in_is_shown_by_whole_months_and_stays_as_it_was(at, shop, visit, client):
    """October: five orders by one maker each of five; what is given back in November stands there."""
    at("2026-10-10 09:00")
    groups = [paid({shop.variants["knot"]: 1}) for _ in range(4)]
    groups.append(paid({shop.variants["lotus"]: 1}))
    at("2026-11-10 09:00")
    with reading_core() as connection:
        few = found.months_before(connection, date(2026, 11, 10), currency="CNY")
    assert few.spans == ()  # nobody has said yes yet: too few to say anything
    for place, group in enumerate(groups):
        with reading() as session:
            (work,) = work_of(session, group)
        agreed(work.id, {(2, 3, 4, 2, 1)[place]: 1})
    # four makers are too few; a fifth has a plate on the shelf
    at("2026-10-12 09:00")
    plate = paid({shop.variants["plate"]: 1})
    at("2026-11-12 09:00")
    _forget()
    page = visit("/en/open-accounts")
    before = page.all("table.ledger.many tbody tr")[0]
    assert before.startswith("Oct 2026 6 ")
    file = client.get("/en/open-accounts.csv").get_data(as_text=True)
    assert "2026" in file
    with reading() as session:
        line = lines(session, plate)[0].id
    with writing() as session:
        orders.cancel_line(session, line_id=line, by=FEN)
    _forget()
    assert visit("/en/open-accounts").all("table.ledger.many tbody tr")[0] == before
    with reading_core() as connection:
        october = found.months_before(connection, date(2026, 11, 12), currency="CNY").whole
        both = found.months_before(connection, date(2026, 12, 12), currency="CNY").whole
    assert october is not None
    assert both is not None
    assert (october.back_minor, both.back_minor > 0) == (0, True)
    assert october.parts == both.parts


def _forget() -> None:
    """A minute passes for what a process keeps."""
    for forget in KEPT:
        forget()
