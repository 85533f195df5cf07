"""The contract of `core.domain`, held by every domain there is."""

from __future__ import annotations

import pytest

from desktop_ae.core.domain import Domain, Task
from desktop_ae.core.errors import UnknownName
from desktop_ae.domains import domain_of_task, load_domains, task_named
from desktop_ae.places import shipped

DOMAINS = load_domains()
TASKS = [task for domain in DOMAINS for task in domain.tasks]


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda d: d.id)
def test_a_domain_says_which_files_it_takes(domain: Domain) -> None:
    assert domain.suffixes
    assert all(s.startswith(".") and s == s.lower() for s in domain.suffixes)
    assert domain.formats
    assert domain.tasks
    assert domain.sniff(b"") is None
    assert domain.sniff(b"plain words, no file of ours") is None


@pytest.mark.parametrize("task", TASKS, ids=lambda t: t.id)
def test_a_task_belongs_to_its_domain_and_ships_a_sample_of_it(task: Task) -> None:
    domain = domain_of_task(task.id)
    assert task.id.split("/")[0] == domain.id
    assert task.default_model.split("/")[0] == domain.id
    sample = shipped("resources") / "samples" / task.sample
    assert sample.suffix in domain.suffixes
    assert domain.sniff(sample.read_bytes()[:4096]) is not None


def test_domains_come_in_their_order_and_names_are_used_once() -> None:
    assert [d.order for d in DOMAINS] == sorted(d.order for d in DOMAINS)
    assert len({d.id for d in DOMAINS}) == len(DOMAINS)
    assert len({t.id for t in TASKS}) == len(TASKS)
    assert "image/denoise" in {t.id for t in TASKS}


def test_an_unknown_task_is_a_sentence_with_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="no task “image/x”. There are: image/denoise"):
        task_named("image/x")
    with pytest.raises(UnknownName):
        domain_of_task("x")
