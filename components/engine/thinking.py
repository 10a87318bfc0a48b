"""Ask the engine in the background: the page stands at once, and the answer comes into its place.

A busy engine, or one that is just starting, is waited for and asked again without a word, for as long as the page is
looked at. Only after a minute does it say so, with a button; the answer is shown whenever it comes.
"""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import streamlit as st

from components.clients import Client, asking_for, page_client, page_waits
from components.engine import STARTING, STARTING_AGAIN, engine, status
from components.scene import rerun
from models.engine import BusyError, Engine, EngineError
from models.networks.files import JudgingError

LOOKS = "The network is looking at your photo …"
WAKES = "The network is waking up …"
OFF = "The network's answer needs the engine, which was turned off when this app was started (ENGINE=off)."
LATE = "The network did not answer in time: the engine is busy. It is asked again and again."
AGAIN = "Ask again"

PATIENCE_SECONDS = 60.0
"""A visitor waits for so long before the page says that it takes long."""

PAUSE_SECONDS = 2.0
"""Between two questions to an engine that was too busy for the first one."""

GONE_SECONDS = 10.0
"""Nobody asks on for a page that has not looked for the answer for so long."""

_STALE_SECONDS = 10.0
"""A reason why there is no answer is believed for so long: after that, the next run of the page asks again."""

_LOOK_SECONDS, _LATE_LOOK_SECONDS = 0.4, 2.0
_LISTEN_SECONDS = 0.25
"""Each look at whether the answer has come waits for it this long, so that it is shown when it comes."""

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass
class _Question(Generic[T]):
    """A question of one visitor's, which a thread of its own asks until there is an answer.

    Attributes:
        about: what it is about; another question takes its place.
        client: who asks.
        before: the question whose place it took: a visitor asks one at a time.
        since: when it was asked, by a monotonic clock, in seconds.
        seen: when the page last looked for the answer.
        now: set to ask again without a pause.
        over: whether the thread has ended: with an answer or with a problem.
        wanted: whether no other question has taken its place.
    """

    about: Hashable
    ask: Callable[[Engine], T]
    client: Client
    before: threading.Event | None = None
    since: float = 0.0
    seen: float = 0.0
    now: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    wanted: bool = True
    answer: T | None = None
    problem: Exception | None = None

    def begin(self, *, anew: bool = True) -> None:
        """Ask, in a thread that ends with the app.

        Args:
            anew: whether the visitor has not waited for it yet.
        """
        self.seen = time.monotonic()
        if anew:
            self.since = self.seen
        self.over.clear()
        self.problem = None
        threading.Thread(target=self._run, name="thinking", daemon=True).start()

    def is_stale(self) -> bool:
        """Whether it ended long ago with a problem that may be gone by now."""
        return self.over.is_set() and self.problem is not None and time.monotonic() - self.since > _STALE_SECONDS

    @property
    def was_left(self) -> bool:
        """Whether nobody asks on, because the page has not looked for the answer."""
        return self.over.is_set() and self.answer is None and self.problem is None

    def _run(self) -> None:
        try:
            if self.before is not None:
                self.before.wait()
            with asking_for(self.client):
                while self.wanted and not self._try() and time.monotonic() - self.seen < GONE_SECONDS:
                    self.now.wait(PAUSE_SECONDS if engine() is not None else _LOOK_SECONDS)
                    self.now.clear()
        except Exception as error:  # noqa: BLE001 - the page's thread says what it was
            self.problem = error
        finally:
            self.over.set()

    def _try(self) -> bool:
        """Ask once; return whether there is an answer."""
        found = engine()
        if found is None:
            return False
        try:
            self.answer = self.ask(found)
        except BusyError:
            return False
        return True


@dataclass(frozen=True)
class Thought(Generic[T_co]):
    """What the network has answered so far.

    Attributes:
        key: of the question.
        answer: the answer, or None as long as there is none.
        words: what the page says in its place, "" where there is an answer.
        problem: whether `words` say why there will be none, so that nobody waits.
        late: whether the visitor has waited for more than a minute: then the page offers to ask again.
    """

    key: str
    answer: T_co | None = None
    words: str = ""
    problem: bool = False
    late: bool = False

    def show(self) -> None:
        """Draw the words at this place of the page, and look for the answer; nothing where there is one."""
        if self.answer is not None:
            return
        if self.problem:
            st.warning(self.words)
            return
        with st.container(key=f"{self.key}-thinking", horizontal=True, vertical_alignment="center"):
            st.html(f'<p class="thinking" role="status">{self.words}</p>')
            if self.late:
                st.button(AGAIN, key=f"{self.key}-ask-again", on_click=ask_again, args=(self.key,))
        self.watch()

    def watch(self) -> None:
        """Run the page again when there is something new to say, for pages that draw the words themselves."""
        if self.answer is None and not self.problem:
            st.fragment(_look, run_every=_LATE_LOOK_SECONDS if self.late else _LOOK_SECONDS)(self, [])


def thinking(key: str, about: Hashable, ask: Callable[[Engine], T], *, listen: float = 0.0) -> Thought[T]:
    """Return what the engine has answered to a question, and ask it in the background where it was not asked yet.

    Where there is no answer yet, `show` or `watch` of what is returned runs the page again as soon as there is one::

        thought = thinking("home-answer", photo.digest, lambda engine: engine.predict(photo.pixels, "convnet"))
        if thought.answer is not None:
            ...
        else:
            thought.show()

    Args:
        key: the question's, on all pages; the answer stays in the session under it.
        about: what it is about, such as a digest of photo and network: another one is another question.
        ask: asks the engine, in another thread: it touches neither the page nor the session.
        listen: seconds that this run of the page waits for the answer at most: an answer that takes no longer is shown
            in one step. What a page shows first waits for nothing.

    Raises:
        Exception: what `ask` raised, where that is no sentence for the visitor.
    """
    questions: dict[str, _Question[Any]] = st.session_state.setdefault("thinking", {})
    question = questions.get(key)
    if question is None or question.about != about or question.is_stale():
        if engine() is None and status() == "off":
            questions.pop(key, None)
            return Thought(key, words=OFF, problem=True)
        before = None
        if question is not None:
            question.wanted = False
            before = question.over
        question = questions[key] = _Question(about, ask, page_client(), before)
        question.begin()
        if listen:
            page_waits()
            question.over.wait(listen)
    elif question.was_left:
        question.begin()
    question.seen = time.monotonic()
    return _thought(key, question)


def ask_again(key: str) -> None:
    """Ask a question again, as if for the first time. For callbacks; nothing where it has an answer."""
    question: _Question[Any] | None = st.session_state.get("thinking", {}).get(key)
    if question is None or question.answer is not None:
        return
    question.since = time.monotonic()
    question.now.set()


def _thought(key: str, question: _Question[T]) -> Thought[T]:
    late = time.monotonic() - question.since > PATIENCE_SECONDS
    problem = question.problem if question.over.is_set() else None
    if question.answer is not None:
        return Thought(key, question.answer)
    if isinstance(problem, EngineError | JudgingError):
        return Thought(key, words=str(problem), problem=True)
    if problem is not None:
        raise problem
    said = status()
    if engine() is None and said not in (STARTING, STARTING_AGAIN, "ready"):
        return Thought(key, words=said, late=late)
    if late:
        return Thought(key, words=LATE, late=True)
    return Thought(key, words=LOOKS if engine() is not None else WAKES)


def _look(thought: Thought[Any], looks: list[None]) -> None:
    """Run the page again when what it says is not true any more."""
    question: _Question[Any] | None = st.session_state.get("thinking", {}).get(thought.key)
    if question is None:
        return
    if not looks:
        looks.append(None)  # this is the run that draws the page: what stands below would have to wait
        return
    question.seen = time.monotonic()
    if question.was_left:
        question.begin(anew=False)  # the server was too busy to hear that the page still looks
    page_waits()
    question.over.wait(_LISTEN_SECONDS)
    if question.answer is not None or _said(question, thought) != thought:
        rerun()


def _said(question: _Question[Any], thought: Thought[Any]) -> Thought[Any] | None:
    try:
        return _thought(thought.key, question)
    except Exception:  # noqa: BLE001 - the page's own run raises it
        return None
