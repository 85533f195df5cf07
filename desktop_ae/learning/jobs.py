"""The jobs of the wizard and of `desktop-ae finetune`: check, learn, keep."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from desktop_ae.core.card import ModelCard
from desktop_ae.core.errors import BadModel, TooFewFiles
from desktop_ae.jobs import Context
from desktop_ae.learning.files import Gathered, gather
from desktop_ae.learning.lesson import Lesson
from desktop_ae.learning.request import Checked, LearnRequest
from desktop_ae.learning.session import Session
from desktop_ae.learning.verdict import Verdict


@dataclass(frozen=True, slots=True)
class CheckJob:
    """Open every file, say what each is good for, and time a step of training."""

    request: LearnRequest

    def run(self, context: Context) -> Checked:
        """Raises UnknownName, BadModel or Cancelled."""
        from desktop_ae.learning.material import study_of
        from desktop_ae.learning.tune import seconds_a_step

        gathered = _gathered(self.request, context)
        if gathered.too_few:
            return Checked(gathered.files, too_few=gathered.too_few)
        study = study_of(self.request.tuning, self.request, gathered)
        step_s = seconds_a_step(self.request, gathered, study, context)
        return Checked(gathered.files, study, step_s)


@dataclass(frozen=True, slots=True)
class Learned:
    """The end of a LearnJob: a model in the session's folder that is not kept yet."""

    session: Session
    card: ModelCard
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class LearnJob:
    """Train the starting model on a person's files, and judge what came of it.

    Goes on where the session's checkpoint is, if it has one.
    """

    session: Session

    def run(self, context: Context) -> Learned:
        """Raises TooFewFiles, UnknownName, BadModel, NotWritable or Cancelled; what was learned by
        then is in the session's checkpoint.
        """
        from desktop_ae.learning.tune import tune

        self.session.put_request()
        gathered = _gathered(self.session.request, context)
        if gathered.too_few:
            raise TooFewFiles(gathered.too_few)
        card, verdict = tune(self.session, gathered, context)
        self.session.put_verdict(verdict)
        return Learned(self.session, card, verdict)


@dataclass(frozen=True, slots=True)
class KeepJob:
    """Put a session's model among the person's own, under a name; the session is gone then."""

    session: Session
    name: str

    def run(self, context: Context) -> ModelCard:
        """Raises BadModel if the model is not there or no longer whole, NotWritable."""
        from desktop_ae.core.library import load_model

        card = self.session.card
        if card is None:
            raise BadModel("This training has no model yet.")
        load_model(card)
        weights = card.weights.read_bytes()
        domain = card.task.split("/")[0]
        named = replace(card, id=f"{domain}/{model_slug(self.name)}", title=self.name.strip())
        # The rows of a card are told by its label, which has the id in it.
        rows = [
            {**row, "method": named.label} if row.get("method") == card.label else row
            for row in card.measured
        ]
        kept = context.library.add(replace(named, measured=rows), weights)
        self.session.discard()
        return kept


def model_slug(name: str) -> str:
    """A folder's name for a model: letters, digits and hyphens."""
    slug = re.sub(r"[\W_]+", "-", name.strip().lower()).strip("-")[:60]
    return slug or f"model-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def _gathered(request: LearnRequest, context: Context) -> Gathered:
    def read(done: int, of: int) -> None:
        context.report(Lesson(done, of, "files", phase="reading"))

    return gather(request, context.token, read)
