"""An advance on its way: asked for on the desk, her yes on her card, given in the office, seen on every page it is on."""

from shop.db import writing
from shop.ids import digest
from shop.makers.models import Maker
from shop.payouts.models import Advance, Deduction
from tests.factories.orders import received
from tests.factories.ways import paid_by
from tests.office.day.rows import kept, rows
from tests.people import ADA, FEN, HOA, MEI, OTTO, TAO


def test_from_the_brokers_desk_to_her_card_and_the_office(chain, as_, visit, client):
    slip, card = chain.mine["assignment_id"], "/m/card-of-li-0123456789abcdef0"
    with writing() as session:
        session.get_one(Maker, 2).card_digest = digest(card.removeprefix("/m/"))
    mei, desk = as_(MEI), f"/desk/slips/{slip}/advance"
    assert desk in visit(f"/desk/slips/{slip}/collect", client=mei).hrefs()
    refused = visit(desk, client=mei).submit("main form", amount="9999")
    assert refused.status == 422
    assert "At most" in refused.one(".err")
    asked = visit(desk, client=mei).submit("main form", amount="40")
    assert "asked for" in asked.text
    (row,) = rows(Advance)
    assert (row.amount_minor, row.state, row.asked_by) == (4_000, "asked", MEI.key)
    for other in (HOA, OTTO):
        assert as_(other).get(desk).status_code in {403, 404}
    yes = f"{card}/advance/{row.id}/yes"
    for _time in range(2):
        assert mei.post(yes).status_code == 403  # her broker's browser
    assert rows(Advance)[0].state == "asked"
    page = visit(f"{card}?lang=en", client=client)
    assert "An advance is asked for you" in page.text
    answered = client.post(f"{yes}?lang=en")
    assert answered.status_code == 303
    assert rows(Advance)[0].agreed_how == "card"
    assert "You said yes" in visit(f"{card}?lang=en", client=client).text
    assert client.post(yes.replace(f"/{row.id}/", "/99/")).status_code == 404

    fen = as_(FEN)
    assert "a second person gives it" in visit("/office/tasks", client=fen).text
    office = f"/office/advances/{row.id}"
    assert office in visit("/office/advances", client=as_(TAO)).hrefs()
    read = visit(office, client=as_(TAO))
    assert not read.all("main form")
    assert as_(TAO).send(f"{office}/give").status_code == 403
    done = visit(office, client=fen).submit(f'form[action="{office}/give"]')
    assert "Given by Fen" in done.text
    assert (kept("maker:2:advance"), rows(Advance)[0].state) == (4_000, "given")
    assert "Given to you before the work" in visit(f"{card}?lang=en", client=client).text
    assert "still to come back" in visit(desk, client=mei).text


def test_the_statement_shows_the_advance_and_what_was_kept_back(chain, as_, visit):
    slip = chain.mine["assignment_id"]
    paid_by("maker:2", "bank_file", holder="Li", account_no="622200001111")
    mei, fen, tao = as_(MEI), as_(FEN), as_(TAO)
    visit(f"/desk/slips/{slip}/advance", client=mei).submit("main form", amount="40")
    office = f"/office/advances/{rows(Advance)[0].id}"
    refused = visit(office, client=fen).submit(f'form[action="{office}/said"]', evidence="")
    assert refused.status == 422
    visit(office, client=fen).submit(f'form[action="{office}/said"]', evidence="She said yes on 138")
    assert not visit(office, client=fen).all(f'form[action="{office}/give"]')
    visit(office, client=as_(ADA)).submit(f'form[action="{office}/give"]')
    received(slip, 2)
    visit("/office/batches", client=tao).submit("main form[method=post]")
    assert fen.send("/office/batches/2/approve").status_code == 303
    (deduction,) = rows(Deduction)
    for lang, word in (("en", "Advance paid back"), ("zh", "扣回预付款"), ("vi", "Thu hồi tạm ứng")):
        page = visit(f"/office/statements/maker:2?lang={lang}", client=tao, lang=lang, ceiling=18)
        assert word in page.text
    paper = tao.get("/office/statements/maker:2/paper.pdf?lang=en")
    assert paper.status_code == 200
    shown = visit(f"/office/payouts/{deduction.payout_id}", client=tao, ceiling=20)
    assert "kept back for an advance" in shown.text
