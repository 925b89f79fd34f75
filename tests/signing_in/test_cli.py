"""`flask user create`, as typed."""

import re

import pytest
from sqlalchemy import select

from shop.db import reading
from shop.people.models import User
from tests.signing_in.conftest import PASSWORD


def run(app, *words, **how):
    return app.test_cli_runner().invoke(args=["user", "create", *words], **how)


def everybody():
    with reading() as session:
        return list(session.scalars(select(User)))


def test_without_a_password_an_invitation_is_printed_that_works(app, client, visit):
    result = run(app, "Lan@demo.example", "--role", "broker", "--name", "Lan", "--lang", "vi")
    assert result.exit_code == 0
    path = re.search(r"http://127\.0\.0\.1:8000(/invitation/\S+)", result.output)[1]
    answer = visit(path, lang="vi").post("main form", password=PASSWORD, password_again=PASSWORD)
    assert answer.location == "/desk/"
    (user,) = everybody()
    assert (user.email, user.role, user.name, user.lang) == ("lan@demo.example", "broker", "Lan", "vi")


def test_with_a_password_from_standard_input_she_may_sign_in_at_once(app, sign_in):
    result = run(app, "ada@demo.example", "--role", "admin", "--password-stdin", input=f"{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert sign_in("ada@demo.example").location == "/office/"


@pytest.mark.parametrize(
    ("words", "given", "says"),
    [
        (["no address", "--role", "admin"], "", "no e-mail address"),
        (["ada@demo.example", "--role", "admin", "--password-stdin"], "short\n", "under 10 characters"),
        (["ada@demo.example", "--role", "admin", "--password-stdin"], "", "under 10 characters"),
        (["ada@demo.example", "--role", "admin", "--password-stdin"], "x" * 6000, "too long"),
        (["ada@demo.example", "--role", "admin", "--password-stdin"], "aaaaaaaaaaaa\n", "easy to guess"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_creates_nobody(app, words, given, says):
    result = run(app, *words, input=given)
    assert result.exit_code == 1
    assert says in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert everybody() == []


def test_an_unknown_role_is_refused(app):
    result = run(app, "ada@demo.example", "--role", "queen")
    assert result.exit_code == 2
    assert everybody() == []


def test_somebody_who_is_there_already_is_not_made_again(app):
    run(app, "ada@demo.example", "--role", "admin", "--password-stdin", input=f"{PASSWORD}\n")
    result = run(app, "ADA@demo.example", "--role", "broker")
    assert result.exit_code == 1
    assert "in use already" in result.output
    assert [user.role for user in everybody()] == ["admin"]
