from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from desktop_ae import engine as engine_module
from desktop_ae.core.errors import Unreadable
from desktop_ae.core.library import ModelLibrary
from desktop_ae.core.work import Progress
from desktop_ae.engine import Engine
from desktop_ae.jobs import Context
from tests.fakes import Fails, Returns, Waits

ENDS = {"done", "failed", "cancelled"}
TIMEOUT_MS = 20_000


class Heard:
    """Everything that an engine said, in order: what, about which job, and with what."""

    def __init__(self, engine: Engine) -> None:
        self.said: list[tuple[str, int, object]] = []
        self.threads: set[QThread] = set()
        for what in ("started", "progressed", "done", "failed", "cancelled"):
            getattr(engine, f"job_{what}").connect(self._listener(what))

    def _listener(self, what: str) -> Callable[..., None]:
        def listen(job_id: int, payload: object = None) -> None:
            self.said.append((what, job_id, payload))
            self.threads.add(QThread.currentThread())

        return listen

    def about(self, job_id: int) -> list[str]:
        return [what for what, about, _ in self.said if about == job_id]

    def ends(self) -> list[tuple[str, int]]:
        return [(what, job_id) for what, job_id, _ in self.said if what in ENDS]

    def progress(self, job_id: int) -> list[Progress]:
        found = [p for _, about, p in self.said if about == job_id and isinstance(p, Progress)]
        assert len(found) == self.about(job_id).count("progressed")
        return found

    def payload(self, job_id: int) -> object:
        (found,) = [p for what, about, p in self.said if about == job_id and what in ENDS]
        return found


@pytest.fixture
def engine(qtbot: QtBot) -> Iterator[Engine]:
    made = Engine(ModelLibrary([]))
    yield made
    assert made.close(10_000)


@pytest.fixture
def heard(engine: Engine) -> Heard:
    return Heard(engine)


def wait_for_ends(qtbot: QtBot, heard: Heard, count: int) -> None:
    qtbot.waitUntil(lambda: len(heard.ends()) >= count, timeout=TIMEOUT_MS)


def begun(job: Waits) -> None:
    assert job.begun.wait(20)


def test_a_job_starts_then_is_done_with_what_it_returned(
    qtbot: QtBot, engine: Engine, heard: Heard
) -> None:
    result = object()
    job_id = engine.submit(Returns(result))
    engine.start()
    wait_for_ends(qtbot, heard, 1)
    assert heard.about(job_id) == ["started", "done"]
    assert heard.payload(job_id) is result


def test_listeners_hear_in_their_own_thread(qtbot: QtBot, engine: Engine, heard: Heard) -> None:
    class WhereJob:
        def run(self, context: Context) -> object:
            return threading.current_thread() is not threading.main_thread()

    engine.start()
    job_id = engine.submit(WhereJob())
    wait_for_ends(qtbot, heard, 1)
    assert heard.payload(job_id) is True
    assert heard.threads == {QThread.currentThread()}


def test_each_job_ends_exactly_once_and_in_order(
    qtbot: QtBot, engine: Engine, heard: Heard
) -> None:
    engine.start()
    jobs = [Fails(RuntimeError("x")) if n % 3 == 1 else Returns(n) for n in range(30)]
    ids = [engine.submit(job) for job in jobs]
    wait_for_ends(qtbot, heard, 30)
    assert heard.ends() == [("failed" if n % 3 == 1 else "done", ids[n]) for n in range(30)]
    assert len(set(ids)) == 30


def test_a_failed_job_hands_on_its_error_and_the_queue_goes_on(
    qtbot: QtBot, engine: Engine, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    error = Unreadable(Path("a.jpg"), "a.jpg is damaged.")
    first, second = engine.submit(Fails(error)), engine.submit(Returns(2))
    engine.start()
    wait_for_ends(qtbot, heard, 2)
    assert heard.about(first) == ["started", "failed"]
    assert heard.payload(first) is error
    assert heard.payload(second) == 2
    assert [(r.levelno, "a.jpg is damaged" in r.getMessage()) for r in caplog.records] == [
        (logging.WARNING, True)
    ]


def test_an_error_that_nobody_foresaw_is_logged_whole_and_the_queue_goes_on(
    qtbot: QtBot, engine: Engine, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    engine.submit(Fails(ZeroDivisionError("oh")))
    engine.submit(Returns(2))
    engine.start()
    wait_for_ends(qtbot, heard, 2)
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "ZeroDivisionError: oh" in caplog.text


def test_progress_is_throttled_and_the_last_is_always_sent_before_the_end(
    qtbot: QtBot, engine: Engine, heard: Heard
) -> None:
    job_id = engine.submit(Returns("x", steps=3000))
    engine.start()
    wait_for_ends(qtbot, heard, 1)
    found = heard.progress(job_id)
    assert len(found) < 300
    assert found[-1].done == 3000
    assert heard.about(job_id)[-1] == "done"


def test_progress_is_sent_at_most_once_in_its_time(
    qtbot: QtBot, engine: Engine, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock:
        """A hundredth of a second later at each look."""

        now = 100.0

        def monotonic(self) -> float:
            self.now += 0.01
            return self.now

    monkeypatch.setattr(engine_module, "time", Clock())
    job_id = engine.submit(Returns("x", steps=23))
    engine.start()
    wait_for_ends(qtbot, heard, 1)
    done = [progress.done for progress in heard.progress(job_id)]
    assert done[0] == 1
    assert done[-1] == 23
    assert all(
        later - sooner in (5, 6) for sooner, later in zip(done[:-2], done[1:-1], strict=True)
    )


def test_progress_that_was_sent_at_once_is_not_sent_twice(
    qtbot: QtBot, engine: Engine, heard: Heard
) -> None:
    job_id = engine.submit(Returns("x", steps=1))
    engine.start()
    wait_for_ends(qtbot, heard, 1)
    assert [progress.done for progress in heard.progress(job_id)] == [1]


def test_a_waiting_job_that_is_cancelled_never_starts(
    qtbot: QtBot, engine: Engine, heard: Heard
) -> None:
    running = Waits()
    first, second, third = (engine.submit(j) for j in (running, Returns(2), Returns(3)))
    engine.start()
    begun(running)
    engine.cancel(second)
    running.let_go.set()
    wait_for_ends(qtbot, heard, 3)
    assert heard.ends() == [("done", first), ("cancelled", second), ("done", third)]
    assert heard.about(second) == ["cancelled"]


def test_a_running_job_that_is_cancelled_stops_and_the_next_runs(
    qtbot: QtBot, engine: Engine, heard: Heard
) -> None:
    running = Waits()
    first, second = engine.submit(running), engine.submit(Returns(2))
    engine.start()
    begun(running)
    engine.cancel(first)
    wait_for_ends(qtbot, heard, 2)
    assert heard.ends() == [("cancelled", first), ("done", second)]


def test_cancelling_what_has_ended_or_never_was_is_nothing(
    qtbot: QtBot, engine: Engine, heard: Heard
) -> None:
    job_id = engine.submit(Returns(1))
    engine.start()
    wait_for_ends(qtbot, heard, 1)
    engine.cancel(job_id)
    engine.cancel(999)
    after = engine.submit(Returns(2))
    wait_for_ends(qtbot, heard, 2)
    assert heard.ends() == [("done", job_id), ("done", after)]


def test_cancel_all_ends_every_job_and_the_engine_takes_new_ones(
    qtbot: QtBot, engine: Engine, heard: Heard
) -> None:
    running = Waits()
    ids = [engine.submit(job) for job in (running, Returns(2), Returns(3))]
    engine.start()
    begun(running)
    engine.cancel_all()
    after = engine.submit(Returns(4))
    wait_for_ends(qtbot, heard, 4)
    assert heard.ends() == [*(("cancelled", job_id) for job_id in ids), ("done", after)]


def test_a_paused_engine_holds_the_running_job_and_starts_no_other(
    qtbot: QtBot, engine: Engine, heard: Heard
) -> None:
    running = Waits()
    engine.start()
    first = engine.submit(running)
    begun(running)
    engine.pause()
    later = engine.submit(Returns(2))
    assert engine.paused
    qtbot.wait(20)
    rounds = len(running.rounds)
    qtbot.wait(20)
    assert len(running.rounds) <= rounds + 1
    assert heard.about(later) == []
    engine.resume()
    assert not engine.paused
    running.let_go.set()
    wait_for_ends(qtbot, heard, 2)
    assert heard.ends() == [("done", first), ("done", later)]


def test_an_engine_paused_before_it_starts_waits(
    qtbot: QtBot, engine: Engine, heard: Heard
) -> None:
    engine.pause()
    job_id = engine.submit(Returns(1))
    engine.start()
    qtbot.wait(20)
    assert heard.said == []
    engine.resume()
    wait_for_ends(qtbot, heard, 1)
    assert heard.ends() == [("done", job_id)]


def test_a_paused_job_can_be_cancelled(qtbot: QtBot, engine: Engine, heard: Heard) -> None:
    running = Waits()
    engine.start()
    job_id = engine.submit(running)
    begun(running)
    engine.pause()
    engine.cancel(job_id)
    wait_for_ends(qtbot, heard, 1)
    assert heard.ends() == [("cancelled", job_id)]


def test_close_stops_everything_says_so_and_ends_the_thread(
    qtbot: QtBot, engine: Engine, heard: Heard
) -> None:
    running = Waits()
    ids = [engine.submit(job) for job in (running, Returns(2))]
    engine.start()
    begun(running)
    engine.pause()
    assert engine.close(10_000)
    assert engine.isFinished()
    wait_for_ends(qtbot, heard, 2)
    assert heard.ends() == [("cancelled", job_id) for job_id in ids]


def test_close_says_if_a_job_does_not_listen(qtbot: QtBot, engine: Engine) -> None:
    deaf, heard_it = threading.Event(), threading.Event()

    class Deaf:
        def run(self, context: Context) -> object:
            heard_it.set()
            return deaf.wait(20)

    engine.start()
    engine.submit(Deaf())
    assert heard_it.wait(20)
    assert not engine.close(10)
    deaf.set()
    assert engine.close(10_000)


def test_an_engine_that_never_ran_can_be_closed(qtbot: QtBot) -> None:
    assert Engine(ModelLibrary([])).close(10_000)


def test_many_threads_can_submit(qtbot: QtBot, engine: Engine, heard: Heard) -> None:
    engine.start()
    ids: list[int] = []

    def submit() -> None:
        ids.extend(engine.submit(Returns(n)) for n in range(25))

    threads = [threading.Thread(target=submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    wait_for_ends(qtbot, heard, 100)
    assert len(set(ids)) == 100
    assert sorted(job_id for _, job_id in heard.ends()) == sorted(ids)


def test_ten_thousand_emits_across_threads_survive(
    qtbot: QtBot, engine: Engine, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    # PySide6 6.12.0 on Python 3.11 drops a reference to True with each emit, and then aborts.
    monkeypatch.setattr(engine_module, "REPORT_EVERY_S", 0.0)
    job_id = engine.submit(Returns(True, steps=10_000))
    engine.start()
    wait_for_ends(qtbot, heard, 1)
    assert len(heard.progress(job_id)) == 10_000
    assert heard.payload(job_id) is True
