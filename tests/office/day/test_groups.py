"""The whole group's statements from the office and from the desk: asked for, watched, fetched; never another's."""

from shop.outbox.worker import run_due
from shop.payouts.models import StatementRun
from shop.payouts.services.groups import KIND
from tests.office.day.rows import rows
from tests.people import HOA, MEI, OTTO, TAO


def test_a_groups_statements_are_asked_for_watched_and_fetched(chain, as_, visit):
    tao, mei, hoa = as_(TAO), as_(MEI), as_(HOA)
    office, desk = "/office/brokers/1/statements", "/desk/statements"
    assert office in visit("/office/brokers/1", client=tao).hrefs()
    assert desk in visit("/desk/makers", client=mei).hrefs()
    asked = visit(office, client=tao).submit("main form", lang="en")
    assert "0 of 1 statements" in asked.text
    assert asked.response.headers["Refresh"] == "5"
    visit(desk, client=mei).submit("main form", lang="en")
    (run,) = rows(StatementRun)
    file = f"{office}/{run.id}/file"
    assert tao.get(file).status_code == 404
    while run_due(kinds=[KIND]):
        pass
    ready = visit(office, client=tao)
    assert file in ready.hrefs()
    assert "Refresh" not in ready.response.headers
    for client, path in ((tao, file), (mei, f"{desk}/{run.id}/file")):
        paper = client.get(path, buffered=True)
        assert (paper.status_code, paper.mimetype, paper.data[:5]) == (200, "application/pdf", b"%PDF-")
        assert paper.headers["Cache-Control"] == "private, no-store"
    assert hoa.get(f"{desk}/{run.id}/file").status_code == 404
    assert tao.get(file.replace("/1/", "/2/", 1)).status_code == 404
    assert as_(OTTO).get(file).status_code == 403
    assert "Statements of the whole group" in visit(desk, client=hoa).text
