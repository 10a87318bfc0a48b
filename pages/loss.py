"""/loss: one number that says how wrong a prediction is."""

from components import shell
from components.lessons.loss.backpropagation import backpropagation
from components.lessons.loss.chooser import loss_chooser
from components.lessons.loss.chooser.problems import keras_code, keras_words
from components.lessons.loss.chooser.wrong_pair import wrong_pair
from components.lessons.loss.curve import loss_curve
from components.lessons.loss.photo_loss import photo_loss
from components.lessons.loss.softmax import softmax_board

shell.lesson(
    "The loss, also called the objective function, says in one number how wrong a prediction is. Training makes it as "
    "small as it can.",
    acts=("Curve", "Your photo", "Softmax", "Which loss", "Wrong pair", "Backward"),
)
with shell.act("Curve"):
    loss_curve()
    shell.more(
        "Why not simply the squared error?",
        "Before its last activation a network has a sum, the logit z; the sigmoid makes the probability p of it. "
        "Training moves z, and the steeper the loss, the further. Choose the chart “Slope by z” and drag to the left, "
        "to a confident mistake. For cross-entropy that slope is p − y. For the squared error it is 2 (p − y) p "
        "(1 − p), and the factor p (1 − p) is nearly 0 where the network is sure, also where it is surely wrong.",
    )

with shell.act(
    "Your photo",
    "The loss of your own photo",
    "Two networks say how probable “dog” is. The label decides which loss that is: small for one label, large for the "
    "other.",
    beside=True,
):
    photo_loss()

with shell.act(
    "Softmax",
    "More than two classes: softmax",
    "A network's last layer gives one logit for each class. Softmax turns them into positive numbers that add up to 1. "
    "Drag the logits. Play changes the temperature, by which all logits are divided first.",
    beside=True,
):
    softmax_board()

with shell.act(
    "Which loss",
    "Which loss for which problem",
    "What the labels are decides the network’s last activation, and both together decide the loss.",
    beside=True,
):
    problem = loss_chooser()

with shell.act(
    "Wrong pair",
    "What goes wrong with the wrong pair",
    "The problem that is chosen above has pairs of activation and loss that do not fit. Train one beside the right "
    "pair, on real digits, and see.",
    beside=True,
    folded=True,
):
    wrong_pair(problem)

with shell.act(
    "Backward",
    "From the loss back to every weight",
    "To lower the loss, training needs its slope by every weight: how much the loss changes when that weight alone "
    "moves a little. All these slopes together are the gradient. Backpropagation finds them in one walk from the loss "
    "back to the inputs. Each is a product of numbers that are known by then: the chain rule. The network is invented; "
    "drag two of its weights.",
    folded=True,
    opened_by="back-",
):
    backpropagation()
    shell.more(
        "The loss as a landscape",
        "With two weights, the loss is a height over a plane: each pair of weights is a place, and training walks "
        "downhill. On the page of the optimizers they race on such landscapes; one is the real loss of a model that "
        "tells 3 from 8 by two weights.",
    )
    shell.link_to("optimizers", "See such a landscape, and optimizers on it", surface="digits")

tabs = shell.reference(
    shell.Question(
        "It is a dog. The probability that a network gives to “dog” falls from 0.8 to 0.4. What does its cross-entropy "
        "do?",
        ["It doubles", "It grows by 0.4", "It grows by 0.69", "It falls by half"],
        right=2,
        because="−ln 0.4 − (−ln 0.8) = ln 2 = 0.69. Every halving of the right class's probability costs the same "
        "0.69, from 0.8 to 0.4 as from 0.002 to 0.001.",
        key="loss-question",
    ),
)
with tabs.formula:
    shell.formula(
        """<mrow><mi>L</mi><mo>=</mo><mo>−</mo><mi>y</mi><mi>ln</mi><mi>p</mi><mo>−</mo><mo>(</mo><mn>1</mn><mo>−</mo>
        <mi>y</mi><mo>)</mo><mi>ln</mi><mo>(</mo><mn>1</mn><mo>−</mo><mi>p</mi><mo>)</mo></mrow>""",
        "L is the binary cross-entropy, y the true label, 0 or 1, and p the predicted probability of class 1. For more "
        "classes it is −ln of the true class's probability.",
    )
with tabs.keras:
    shell.keras_lines(keras_code(problem), keras_words(problem))
with tabs.notice:
    shell.notice(
        [
            "A sure and right prediction costs almost nothing. A sure and wrong one costs without limit: −ln p grows "
            "by 2.3 whenever p is divided by ten.",
            "On the chart “Near 0”, Keras stops where the right class has a probability of about 0.0000001 if it is "
            "given p alone, because ln 0 has no value. In a network that ends in a sigmoid it takes the logit before "
            "it, and need not stop.",
            "Both losses are 0 where the prediction is right. Over the logit z, only cross-entropy stays steep far "
            "from it; the squared error gets flat, and hardly says where to go.",
            "Adding the same number to all logits changes no probability.",
            "Every slope that comes back is a product: where a factor is small, such as the slope of a sigmoid that is "
            "sure, all weights before it hardly learn.",
        ]
    )
