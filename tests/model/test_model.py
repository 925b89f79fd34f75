"""Any sequence of steps leaves books, shelf and states as the shadow says, on both databases; planted bugs are found."""

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.buying import Buying
from tests.model.machine import Machine
from tests.model.planted import BUGS, OF_PAY_DAYS
from tests.support import databases

STEPS = 30
FAST = settings(
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


USUALLY = {"sqlite": 80, "postgresql": 20}
RUNS = USUALLY if settings.default.max_examples <= 100 else dict.fromkeys(databases.KINDS, 1250)
"""Of each of the two parts: 200 lives in the usual run; `make nightly` loads a profile with more examples, and has 5,000."""


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", [1, 2])
def test_after_any_sequence_of_steps_the_books_balance_and_everybody_has_what_is_hers(app, engine, part):
    kind = engine.dialect.name
    machine = seed(part)(type("Life", (Machine,), {"kind": kind}))
    run_state_machine_as_test(machine, settings=settings(FAST, max_examples=RUNS[kind]))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(app, engine, bug):
    plant, at = BUGS[bug]
    machine = seed(at)(type("Life", (Machine if bug in OF_PAY_DAYS else Buying,), {}))
    with plant(), pytest.raises(BaseException) as found:
        run_state_machine_as_test(machine, settings=settings(FAST, max_examples=200))
    assert any("Failing test case" in note for note in found.value.__notes__)
