from queries.counting.simulated import simulated_applications
from tests.queries.conftest import EngineMaker
from tests.queries.ledger_rows import ledger, search


def test_applications_say_of_themselves_that_they_simulate(engine_over: EngineMaker) -> None:
    named = ("shop", "ACME-Simulator", "a simulation", None, "ACME-Simulator")
    tables = ledger(searches=[search(f"s{n}", "a", application=name) for n, name in enumerate(named)])
    with engine_over(tables) as engine:
        assert simulated_applications(engine) == ["ACME-Simulator", "a simulation"]
