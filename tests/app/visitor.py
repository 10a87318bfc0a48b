"""One visitor of the app, without a browser: AppTest, and what a browser's components would send."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.testing.v1 import AppTest

MAIN = Path(__file__).resolve().parents[2] / "components" / "shell" / "main.py"
SECONDS = 60


class Visitor:
    """A visitor with a session. Every method that changes something runs the script, as with a browser."""

    def __init__(self) -> None:
        self.app = AppTest.from_file(MAIN, default_timeout=SECONDS)
        self.came = False

    def open(self, page: str, **params: str) -> "Visitor":
        """Follow a link to a page, as the first page or from another one. The given parameters replace the URL's."""
        if not self.came and "_" in page:
            self.app.run()  # before the first run, AppTest has the file's name as its URL
            self.came = True
        if params:
            self.app.query_params.clear()
            self.app.query_params.update(params)
        if self.came or page != "home":
            self.app.switch_page(f"../../pages/{page}.py")
        self.came = True
        self.app.run()
        return self

    def follow(self, **params: str) -> "Visitor":
        """Open the same page with another URL, as the back button or a pasted link does."""
        self.app.query_params.clear()
        self.app.query_params.update(params)
        self.app.run()
        return self

    def upload(self, name: str, data: bytes) -> "Visitor":
        self.app.file_uploader[0].upload(name, data).run()
        return self

    def click(self, key: str) -> "Visitor":
        self.app.button(key=key).click().run()
        return self

    # Components: AppTest has what Python sent, and runs no JavaScript.

    def component(self, name: str) -> BidiComponent:
        (found,) = [node.proto for node in self.app.get("bidi_component") if node.proto.component_name == name]
        return found

    def data(self, name: str = "convolution") -> dict[str, Any]:
        """The data that a component's JavaScript gets."""
        found = self.component(name)
        return json.loads(found.bytes or found.json)

    def set_state(self, name: str, **state: object) -> "Visitor":
        """Do what setStateValue does."""
        return self._send(self.component(name).id, "json_value", state)

    def set_trigger(self, name: str, event: str, value: object) -> "Visitor":
        """Do what setTriggerValue does."""
        identity = _make_trigger_id(self.component(name).id, "events")
        return self._send(identity, "json_trigger_value", [{"event": event, "value": value}])

    def _send(self, identity: str, kind: str, value: object) -> "Visitor":
        states = self.app._tree.get_widget_states()
        states.widgets.add(id=identity, **{kind: json.dumps(value)})
        self.app._run(states)
        return self

    # What the page says.

    @property
    def url(self) -> dict[str, str]:
        """The query parameters of the address bar."""
        return {name: value if isinstance(value, str) else value[-1] for name, value in self.app.query_params.items()}

    @property
    def markup(self) -> str:
        """All HTML that the page writes itself."""
        return "\n".join(element.value for element in self.app.html)

    @property
    def headings(self) -> list[tuple[int, str]]:
        """Level and text of every heading, in no particular order."""
        written = [(int(level), text) for level, text in re.findall(r"<h([1-6])[^>]*>(.*?)</h\1>", self.markup)]
        levels = ((1, self.app.title), (2, self.app.header), (3, self.app.subheader))
        return written + [(level, element.value) for level, elements in levels for element in elements]

    @property
    def messages(self) -> list[str]:
        """The page's words: paragraphs, lists and Streamlit's own texts."""
        boxes = (*self.app.markdown, *self.app.error, *self.app.info, *self.app.success, *self.app.warning)
        return [element.value for element in boxes]

    @property
    def input_pixels(self) -> np.ndarray:
        """The picture in the convolution component's message."""
        data = self.data()
        shape = [data[name] for name in ("height", "width", "channels")]
        return np.frombuffer(base64.b64decode(self.data("carrier")["pixels"]), np.uint8).reshape(shape)
