"""The kinds of file that the program knows: one package each, found by a walk."""

from __future__ import annotations

import functools
import importlib
import pkgutil

from desktop_ae.core.domain import Domain, Task
from desktop_ae.core.errors import UnknownName


@functools.cache
def load_domains() -> tuple[Domain, ...]:
    """Every `domains/<name>/` with a `DOMAIN`, in the order of their `Domain.order`."""
    found = [importlib.import_module(name).DOMAIN for name in domain_modules()]
    return tuple(sorted(found, key=lambda domain: domain.order))


def domain_modules() -> list[str]:
    """Names of the domain packages; the packaging asks the same walk for hidden imports."""
    return [f"{__name__}.{m.name}" for m in pkgutil.iter_modules(__path__) if m.ispkg]


def task_named(task_id: str) -> Task:
    """Raises UnknownName with the tasks there are."""
    for domain in load_domains():
        for task in domain.tasks:
            if task.id == task_id:
                return task
    known = ", ".join(t.id for d in load_domains() for t in d.tasks)
    raise UnknownName(f"There is no task “{task_id}”. There are: {known}.")


def domain_of_task(task_id: str) -> Domain:
    task = task_named(task_id)
    return next(d for d in load_domains() if task in d.tasks)
