import asyncio
import threading

import pytest

from api.http.admission import Admission
from api.http.problems import Problem
from api.http.workers import Workers


def test_the_wait_is_what_is_before_one_shared_among_the_places() -> None:
    admission = Admission(1.0)
    admission.check(1_000, 1)  # nothing is known yet
    for _ in range(100):
        admission.took(4.0, pieces=20)
    admission.check(9, 2)
    with pytest.raises(Problem) as refused:
        admission.check(20, 2)
    assert refused.value.code == "overloaded"
    assert refused.value.headers == {"Retry-After": "2"}
    admission.check(0, 2)  # whoever is next never waits too long


def test_threads_refuse_work_that_would_wait_too_long_and_take_it_again_later() -> None:
    async def test() -> None:
        workers, go = Workers(1, 60, "test", Admission(1e-9)), threading.Event()
        assert await workers.run(go.is_set) is False
        first = asyncio.create_task(workers.run(go.wait))
        await asyncio.sleep(0)
        with pytest.raises(Problem, match="wait"):
            await workers.run(go.is_set)
        go.set()
        assert await first is True
        assert await workers.run(go.is_set) is True
        workers.close()

    asyncio.run(test())
