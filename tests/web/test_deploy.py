"""The files in deploy/ run a shop that takes real money, whatever was copied from .env.example."""

import re

import pytest
from pydantic import ValidationError

from config import ROOT, Settings

UNITS = ["qiaoshou-web.service", "qiaoshou-worker.service"]
COMMAND = re.compile(r"^(ExecStart(?:Pre)?)=((?:.*\\\n)*.*)$", re.MULTILINE)


def read(name: str) -> str:
    return (ROOT / "deploy" / name).read_text()


def service(name: str) -> str:
    """What compose.yaml says of one service, up to the next one."""
    found = re.search(rf"^  {name}:.*\n((?:    .*\n|\n)*)", read("compose.yaml"), re.MULTILINE)
    assert found
    return found[1]


def test_the_image_is_for_production():
    (line,) = re.findall(r"^ENV .*", read("Dockerfile"), re.MULTILINE)
    assert "APP_ENV=production" in line.split()


def test_compose_sets_production_above_the_copied_file():
    web = service("web")
    own = web.partition("    environment:\n")[2]
    assert "      APP_ENV: production\n" in own
    assert "      INSTANCE_PATH: /data\n" in own
    worker = service("worker")
    assert worker.startswith("    <<: *shop\n")
    assert "environment:" not in worker  # a second list would replace the first


@pytest.mark.parametrize("name", UNITS)
def test_every_command_of_a_unit_sets_production_itself(name):
    """`EnvironmentFile=` wins over `Environment=`, so that a line of that kind would prove nothing."""
    text = read(name)
    commands = COMMAND.findall(text)
    assert [word for word, _ in commands][-1] == "ExecStart"
    assert all(line.startswith("/usr/bin/env APP_ENV=production ") for _, line in commands)
    assert "python" in commands[-1][1]


def test_gunicorns_workers_run_production():
    known: dict[str, object] = {}
    exec(compile(read("gunicorn.conf.py"), "gunicorn.conf.py", "exec"), known)
    assert "APP_ENV=production" in known["raw_env"]  # type: ignore[operator]


def test_the_copied_example_alone_cannot_run_production(monkeypatch):
    """Then the shop does not start, instead of taking goods for the sandbox's money."""
    for line in (ROOT / ".env.example").read_text().splitlines():
        name, sign, value = line.partition("=")
        if sign and not name.startswith("#"):
            monkeypatch.setenv(name, value)
    assert Settings(_env_file=None).sandboxed  # type: ignore[call-arg]
    monkeypatch.setenv("APP_ENV", "production")
    with pytest.raises(ValidationError, match="SECRET_KEY"):
        Settings(_env_file=None)  # type: ignore[call-arg]
    assert "NO REAL MONEY" in (ROOT / ".env.example").read_text()
