"""The update rule of the chosen optimizer as a formula, with the gradient that the scene's switch gives it."""

from collections.abc import Mapping
from types import MappingProxyType

from components.lessons.optimizers.race.scene import RUNNERS, RaceScene
from models.arithmetic.loss_surfaces import BATCH_SIZE
from models.arithmetic.optimizer_updates import ADADELTA_RHO, BETA_1, BETA_2, EPSILON, MOMENTUM, RMSPROP_RHO


def _operator(sign: str) -> str:
    return f"<mo>{sign}</mo>"


def _number(value: float) -> str:
    return f"<mn>{value:.6g}</mn>"


def _now(letter: str) -> str:
    return f"<msub><mi>{letter}</mi><mi>t</mi></msub>"


def _before(letter: str) -> str:
    return f"<msub><mi>{letter}</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub>"


def _squared(letter: str) -> str:
    return f"<msubsup><mi>{letter}</mi><mi>t</mi><mn>2</mn></msubsup>"


def _to_the_step(base: float) -> str:
    return f"<msup>{_number(base)}<mi>t</mi></msup>"


def _fraction(above: str, below: str) -> str:
    return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>"


def _root(inside: str) -> str:
    return f"<msqrt>{inside}</msqrt>"


def _line(left: str, *right: str) -> str:
    return f"<mtr><mtd>{left}<mo>=</mo>{''.join(right)}</mtd></mtr>"


def _mean(letter: str, rho: float, value: str) -> str:
    """Return the line of a running mean: rho of the old value and 1 − rho of the new one."""
    return _line(_now(letter), _number(rho), _before(letter), _PLUS, _number(1 - rho), value)


_PLUS, _MINUS, _TIMES = _operator("+"), _operator("−"), _operator("·")
_ETA, _EPSILON = "<mi>η</mi>", "<mi>ε</mi>"
_STEP = _ETA + _TIMES + _now("g")
_W, _FROM = _now("w"), _before("w")
_VELOCITY = _line(_now("m"), _number(MOMENTUM), _before("m"), _MINUS, _STEP)


def _divided(letter: str) -> str:
    return _line(_W, _FROM, _MINUS, _ETA, _fraction(_now("g"), _root(_now(letter) + _PLUS + _EPSILON)))


_RULES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sgd": (_line(_W, _FROM, _MINUS, _STEP),),
        "momentum": (_VELOCITY, _line(_W, _FROM, _PLUS, _now("m"))),
        "nesterov": (_VELOCITY, _line(_W, _FROM, _PLUS, _number(MOMENTUM), _now("m"), _MINUS, _STEP)),
        "adagrad": (_line(_now("s"), _before("s"), _PLUS, _squared("g")), _divided("s")),
        "rmsprop": (_mean("v", RMSPROP_RHO, _squared("g")), _divided("v")),
        "adadelta": (
            _mean("v", ADADELTA_RHO, _squared("g")),
            _line(
                _now("d"),
                _MINUS,
                _now("g"),
                _fraction(_root(_before("u") + _PLUS + _EPSILON), _root(_now("v") + _PLUS + _EPSILON)),
            ),
            _mean("u", ADADELTA_RHO, _squared("d")),
            _line(_W, _FROM, _PLUS, _ETA, _TIMES, _now("d")),
        ),
        "adam": (
            _mean("m", BETA_1, _now("g")),
            _mean("v", BETA_2, _squared("g")),
            _line(
                _W,
                _FROM,
                _MINUS,
                _ETA,
                _fraction(
                    _root(_number(1) + _MINUS + _to_the_step(BETA_2)), _number(1) + _MINUS + _to_the_step(BETA_1)
                ),
                _fraction(_now("m"), _root(_now("v")) + _PLUS + _EPSILON),
            ),
        ),
    }
)

_EXACT = _line(_now("g"), "<mo>∇</mo><mi>L</mi>", _operator("("), _FROM, _operator(")"))
_NOISY = _line(
    _now("g"),
    _fraction(_number(1), _number(BATCH_SIZE)),
    f"<munder><mo>∑</mo><mrow><mi>i</mi><mo>∈</mo>{_now('B')}</mrow></munder>",
    "<mo>∇</mo><msub><mi>L</mi><mi>i</mi></msub>",
    _operator("("),
    _FROM,
    _operator(")"),
)

_GRADIENTS = MappingProxyType(
    {
        False: "w are the weights x and y. g is the gradient of the loss L at the weights before step t: one slope for "
        "each weight. η is the learning rate.",
        True: f"w are the weights x and y. g is the mean gradient of the {BATCH_SIZE} pictures in the batch B that was "
        "drawn for step t: right on average, wrong by chance each time. η is the learning rate.",
    }
)
_SMALL = f"ε = {EPSILON:.7f} keeps the division from failing."

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "sgd": "SGD means stochastic gradient descent. Stochastic is what depends on chance: in a training, g comes "
        "from a batch that was drawn at random.",
        "momentum": "Momentum (Polyak, 1964): m is the last step, and 0.9 of it is kept.",
        "nesterov": "Nesterov momentum (Nesterov, 1983), in Keras’s form: the step looks ahead by one more 0.9·m.",
        "adagrad": f"AdaGrad (Duchi, Hazan and Singer, 2011): s is the sum of all squared gradients so far. {_SMALL}",
        "rmsprop": f"RMSProp (Tieleman and Hinton, 2012): v is a running mean of the squared gradient. {_SMALL}",
        "adadelta": "AdaDelta (Zeiler, 2012): v is a running mean of the squared gradient, u one of the squared steps "
        f"d. {_SMALL}",
        "adam": "Adam, “adaptive moment estimation” (Kingma and Ba, 2015), as Keras computes it: m is a running mean "
        "of the gradient, v of its square. Both begin at 0 and are too small at first; the first fraction, the bias "
        f"correction, makes up for it. {_SMALL}",
    }
)


def formula_of(scene: RaceScene) -> tuple[str, str]:
    """Return the chosen optimizer's update as MathML, the gradient's line first, and the meaning of its letters."""
    rule = RUNNERS[scene.optimizer]
    lines = "".join((_NOISY if scene.noise else _EXACT, *_RULES[rule]))
    mathml = f'<mtable columnalign="left" displaystyle="true">{lines}</mtable>'
    return mathml, f"{_GRADIENTS[scene.noise]} {_WORDS[rule]}"
