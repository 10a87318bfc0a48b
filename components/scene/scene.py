"""What a visitor can set on a component: frozen dataclasses whose fields are declared parameters."""

from collections.abc import Mapping
from dataclasses import Field, fields, replace
from typing import Any, ClassVar, NotRequired, Self, TypedDict

from components.scene.parameters import DECLARED, Parameter


class SceneMessage(TypedDict):
    """What the browser is sent of a scene: its parameters and, for an animation, the position and the speed.

    Only a scene that plays has "position" and "speed": those last imposed.
    """

    scene: dict[str, str]
    position: NotRequired[int]
    speed: NotRequired[float]


class Scene:
    """A component's state. A subclass is a frozen dataclass of fields that `components.scene.parameters` declares.

    Attributes:
        resets: the fields that get their defaults with another subject, such as another photo.
        fleeting: the fields that get their defaults while the visitor is on another page.
        leader: the field on which the defaults of the others depend (see `at_first`), "" for none.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    resets: ClassVar[tuple[str, ...]] = ()
    fleeting: ClassVar[tuple[str, ...]] = ()
    leader: ClassVar[str] = ""

    # Overridden by scenes with rules between their parameters.

    def fitted(self) -> Self:
        """Return the scene with parameters that fit together."""
        return self

    def unused(self) -> tuple[str, ...]:
        """Return the fields that have no effect with the present values of the others: they stay out of the URL."""
        return ()

    @classmethod
    def at_first(cls, leading: Any) -> Self:
        """Return the default scene for this value of its leader."""
        raise NotImplementedError

    # Shared by all scenes.

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of all parameters, as the URL and the browser call them."""
        return tuple(one.name for one in _parameters(cls).values())

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> Self:
        """Return the scene with these parameters.

        Missing and invalid parameters get their defaults, and a number outside its limits is clipped to them, so that
        no link can break a page.
        """
        values = {name: one.read(params[one.name]) for name, one in _parameters(cls).items() if one.name in params}
        values = {name: value for name, value in values.items() if value is not None}
        first = cls.at_first(values[cls.leader]) if cls.leader in values else cls()
        return replace(first, **values).fitted()

    def all_params(self) -> dict[str, str]:
        """Return every parameter as text."""
        return {one.name: one.write(getattr(self, name)) for name, one in _parameters(type(self)).items()}

    def to_params(self) -> dict[str, str]:
        """Return the parameters that differ from their defaults, so that a default scene has a plain URL."""
        first = self.at_first(getattr(self, self.leader)) if self.leader else type(self)()
        unused = self.unused()
        texts = {}
        for name, one in _parameters(type(self)).items():
            usual = getattr(type(self) if name == self.leader else first, name)
            written = one.write(getattr(self, name))
            if written != one.write(usual) and name not in unused:
                texts[one.name] = written
        return texts

    def changed(self, **changes: Any) -> Self:
        """Return the scene with other values, which are clipped to their limits."""
        return self.from_params(replace(self, **changes).all_params())

    def reset(self, names: tuple[str, ...]) -> Self:
        """Return the scene with the defaults of these fields."""
        return replace(self, **{name: getattr(type(self), name) for name in names})

    def message(self, start: Self) -> SceneMessage:
        """Return what the browser is sent of the scene.

        Args:
            start: the scene as a link or a new subject last imposed it.
        """
        return {"scene": self.all_params()}


class Playing(Scene):
    """The state of an animation: a position, and the speed at which it plays on from there.

    Attributes:
        position: the player's position, from 0.
        speed: positions a second while playing.
    """

    position: int
    speed: float
    resets = ("position",)

    def message(self, start: Self) -> SceneMessage:
        """Return what the browser is sent. It keeps its own position and speed once they were imposed."""
        texts = {name: text for name, text in self.all_params().items() if name not in ("position", "speed")}
        return {"scene": texts, "position": start.position, "speed": start.speed}


def _parameters(kind: type[Scene]) -> dict[str, Parameter]:
    """Return the declared parameters by the names of their fields, each with a name of its own."""
    declared = {one.name: one.metadata[DECLARED] for one in fields(kind)}
    return {name: replace(one, name=one.name or name) for name, one in declared.items()}
