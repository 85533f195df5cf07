from __future__ import annotations

import ctypes
import platform
import threading

import pytest

from desktop_ae.core.errors import Cancelled
from desktop_ae.core.work import CancelToken, Progress, give_back_memory, silent


class Worker(threading.Thread):
    """Waits at a token in a thread of its own."""

    def __init__(self, token: CancelToken) -> None:
        super().__init__(daemon=True)
        self.token = token
        self.waited: float | None = None
        self.cancelled = False

    def run(self) -> None:
        try:
            self.waited = self.token.check()
        except Cancelled:
            self.cancelled = True


def test_a_fresh_token_lets_work_go_on_at_once() -> None:
    token = CancelToken()
    assert token.check() == 0.0
    assert not token.stopped
    assert not token.paused


def test_a_stopped_token_raises_every_time() -> None:
    token = CancelToken()
    token.stop()
    for _ in range(2):
        with pytest.raises(Cancelled, match="Stopped"):
            token.check()


def test_a_paused_worker_goes_on_when_resumed_and_says_how_long_it_waited() -> None:
    token = CancelToken()
    token.pause()
    worker = Worker(token)
    worker.start()
    worker.join(0.02)
    assert worker.is_alive()
    token.resume()
    worker.join(10)
    assert not worker.is_alive()
    assert worker.waited is not None
    assert 0 < worker.waited < 10
    assert not token.paused


def test_stop_wakes_a_paused_worker_and_wins() -> None:
    token = CancelToken()
    token.pause()
    worker = Worker(token)
    worker.start()
    token.stop()
    worker.join(10)
    assert not worker.is_alive()
    assert worker.cancelled


def test_pause_after_stop_does_not_hold_the_worker() -> None:
    token = CancelToken()
    token.stop()
    token.pause()
    assert not token.paused
    with pytest.raises(Cancelled):
        token.check()


def test_a_stop_in_the_middle_of_a_pause_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    token = CancelToken()
    real = token._stopped.is_set

    def stopped_by_another_thread_just_after() -> bool:
        before = real()
        monkeypatch.undo()
        token.stop()
        return before

    monkeypatch.setattr(token._stopped, "is_set", stopped_by_another_thread_just_after)
    token.pause()
    assert not token.paused


def test_pausing_and_stopping_from_many_threads_always_ends_stopped() -> None:
    for _ in range(50):
        token = CancelToken()
        threads = [threading.Thread(target=token.pause) for _ in range(3)]
        threads.insert(1, threading.Thread(target=token.stop))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert not token.paused
        with pytest.raises(Cancelled):
            token.check()


@pytest.mark.parametrize(
    ("done", "total", "fraction"), [(0, 4, 0.0), (1, 4, 0.25), (5, 4, 1.0), (1, 0, 0.0)]
)
def test_progress_is_a_fraction_between_0_and_1(done: float, total: float, fraction: float) -> None:
    assert Progress(done, total).fraction == fraction


def test_silent_takes_any_progress() -> None:
    silent(Progress(1, 2, "MP", "note"))


def test_memory_is_given_back_on_any_system(monkeypatch: pytest.MonkeyPatch) -> None:
    give_back_memory()
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    monkeypatch.setattr(ctypes, "CDLL", None)
    give_back_memory()
